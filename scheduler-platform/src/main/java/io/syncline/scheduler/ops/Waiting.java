package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.catalog.TaskDefinition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why an open task run has not ended. */
final class Waiting {

    private final RunView run;
    private final List<TaskRunRow> tasks;
    private final List<TaskDefinition> definitions;
    private final @Nullable Instant heldSince;
    private final Turn turn;
    private final Instant now;

    Waiting(
            RunView run,
            List<TaskRunRow> tasks,
            List<TaskDefinition> definitions,
            @Nullable Instant heldSince,
            Turn turn,
            Instant now) {
        this.run = run;
        this.tasks = tasks;
        this.definitions = definitions;
        this.heldSince = heldSince;
        this.turn = turn;
        this.now = now;
    }

    @Nullable
    String sentence(TaskRunRow task) {
        return switch (task.state()) {
            case "WAITING" -> run.state().equals("QUEUED") ? queued() : behindABarrier(task);
            case "DUE" -> due(task);
            case "CALLING" ->
                "It is being called by node " + task.leaseNode() + "; if the node dies, another takes over after "
                        + task.leaseUntil() + ".";
            case "RUNNING" -> running(task);
            default -> null;
        };
    }

    private String queued() {
        if (heldSince != null) {
            return "Its run is held since " + heldSince
                    + " because the group is paused; resume the group to release it.";
        }
        var holder = turn.holder();
        if (holder != null && (turn.keyed() || !turn.gated())) {
            if (turn.isCancelPending()) {
                return "Its run waits until the downstream has confirmed the cancel of run " + holder
                        + ", or has not done so for a minute.";
            }
            if (!holder.equals(run.runId())) {
                return "Its run waits for run " + holder + ", which holds the ordering key '" + run.orderingKey()
                        + "'.";
            }
        }
        if (turn.gated()) {
            return "Its run waits until fewer runs of the group are active than its maxActive allows.";
        }
        return "Its run waits for its turn under the ordering key '" + run.orderingKey() + "'.";
    }

    private String behindABarrier(TaskRunRow task) {
        var before = tasks.stream()
                .filter(other -> other.taskNo() < barrierEnd(task)
                        && !other.state().equals("COMPLETED")
                        && !other.state().equals("SKIPPED"))
                .map(TaskRunRow::task)
                .toList();
        return before.isEmpty()
                ? "It becomes due with the next sweep."
                : "It waits for " + String.join(", ", before) + " to complete first.";
    }

    /** A SYNC task waits for all before it; an ASYNC one for the last SYNC task before it and what that waited for. */
    private int barrierEnd(TaskRunRow task) {
        if (definitions.get(task.taskNo()).mode() == Mode.SYNC) {
            return task.taskNo();
        }
        for (int number = task.taskNo() - 1; number >= 0; number--) {
            if (definitions.get(number).mode() == Mode.SYNC) {
                return number + 1;
            }
        }
        return 0;
    }

    private String due(TaskRunRow task) {
        var dueAt = task.dueAt();
        if (dueAt == null || !dueAt.isAfter(now)) {
            return "It is due and waits for a free call slot of system " + task.system()
                    + " (limits, circuit breaker, or no node that can call it).";
        }
        if (task.failedCalls() > 0) {
            return "The last " + (task.failedCalls() == 1 ? "call" : task.failedCalls() + " calls")
                    + " failed; it is called again at " + dueAt + because(task.message());
        }
        return "Attempt " + task.attempt() + " begins at " + dueAt + because(task.message());
    }

    private String running(TaskRunRow task) {
        var asked = task.leaseNode() != null
                ? "node " + task.leaseNode() + " is asking it now."
                : "it is asked again at " + task.dueAt() + ".";
        if (task.failedCalls() > 0) {
            return "The downstream has the work, but the last " + task.failedCalls() + " calls failed; " + asked;
        }
        if (task.reportedAt() != null) {
            return "The downstream is at work and last reported at " + task.reportedAt() + "; " + asked;
        }
        return "The downstream accepted the work at " + task.acceptedAt() + " and has not reported yet; " + asked;
    }

    private static String because(@Nullable String message) {
        return message == null ? "." : ": " + message;
    }
}
