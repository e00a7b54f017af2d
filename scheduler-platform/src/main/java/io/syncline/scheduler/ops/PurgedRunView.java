package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.run.RunSummary;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run whose time is over, as far as it is still known: the members of a run, and what its task runs came to. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record PurgedRunView(
        String runId,
        String group,
        int groupVersion,
        @Nullable String businessKey,
        String orderingKey,
        String triggerId,
        String state,
        List<FlagView> flags,
        @Nullable String mergedInto,
        @Nullable String rerunOf,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        List<String> allowedActions,
        List<TaskRunView> taskRuns,
        boolean purged,
        Instant purgedAt,
        TaskCounts tasks,
        @Nullable String cause) {

    record TaskCounts(int total, int completed, int failed) {}

    static PurgedRunView of(RunSummary run) {
        return new PurgedRunView(
                run.runId(),
                run.group(),
                run.groupVersion(),
                run.businessKey(),
                run.orderingKey(),
                run.triggerId(),
                run.state().name(),
                List.of(),
                run.mergedInto(),
                run.rerunOf(),
                run.createdAt(),
                run.startedAt(),
                run.endedAt(),
                List.of(),
                List.of(),
                true,
                run.purgedAt(),
                new TaskCounts(run.tasks(), run.completed(), run.failed()),
                run.cause());
    }
}
