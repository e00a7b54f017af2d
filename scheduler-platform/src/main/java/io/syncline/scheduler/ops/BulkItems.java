package io.syncline.scheduler.ops;

import io.syncline.scheduler.ops.RunActions.Change;
import io.syncline.scheduler.ops.RunActions.Done;
import io.syncline.scheduler.ops.RunActions.Refused;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.security.Labels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Does to one run what a bulk job wants of all. */
@Component
class BulkItems {

    private static final int LONGEST_DETAIL = 1000;

    private final RunActions actions;
    private final JdbcRunViews rows;

    BulkItems(RunActions actions, JdbcRunViews rows) {
        this.actions = actions;
        this.rows = rows;
    }

    /**
     * What became of a run.
     *
     * @param reason the last part of the problem's type; null when it was done
     */
    record Outcome(
            String runId,
            String outcome,
            @Nullable String reason,
            @Nullable String detail,
            List<Change> changes) {}

    /** Within the caller's transaction, to be rolled back when it is a dry run. */
    Outcome attempt(
            BulkOrder order, @Nullable String jobId, String runId, Operator operator, Labels labels, boolean dryRun) {
        if (order.onRun() != null) {
            return onRun(order, order.onRun(), jobId, runId, operator, labels, dryRun);
        }
        if (order.onTasks() != null) {
            return onTasks(order, order.onTasks(), jobId, runId, operator, labels, dryRun);
        }
        throw new IllegalStateException("a bulk order without an action");
    }

    private Outcome onRun(
            BulkOrder order,
            RunAction action,
            @Nullable String jobId,
            String runId,
            Operator operator,
            Labels labels,
            boolean dryRun) {
        var attempt = actions.attempt(runId, action, order.arguments(jobId), operator, labels, dryRun);
        return attempt instanceof Done done
                ? new Outcome(runId, BulkJob.DONE, null, null, done.answer().changes())
                : skipped(runId, (Refused) attempt);
    }

    private Outcome onTasks(
            BulkOrder order,
            TaskAction action,
            @Nullable String jobId,
            String runId,
            Operator operator,
            Labels labels,
            boolean dryRun) {
        var changes = new ArrayList<Change>();
        var done = 0;
        @Nullable Refused last = null;
        for (TaskRunRow task : rows.taskRuns(runId)) {
            if (order.details().task() == null || order.details().task().equals(task.task())) {
                var attempt =
                        actions.attempt(task.taskRunId(), action, order.arguments(jobId), operator, labels, dryRun);
                if (attempt instanceof Done one) {
                    done++;
                    changes.addAll(one.answer().changes());
                } else {
                    last = (Refused) attempt;
                }
            }
        }
        if (done > 0) {
            return new Outcome(runId, BulkJob.DONE, null, null, changes);
        }
        return last == null
                ? new Outcome(runId, BulkJob.SKIPPED, "no-such-task", "The run has no such task.", List.of())
                : skipped(runId, last);
    }

    private static Outcome skipped(String runId, Refused refused) {
        var problem = refused.problem();
        var detail = problem.detail() == null ? problem.title() : problem.detail();
        return new Outcome(
                runId,
                BulkJob.SKIPPED,
                problem.type().substring(problem.type().lastIndexOf('/') + 1),
                detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL),
                List.of());
    }
}
