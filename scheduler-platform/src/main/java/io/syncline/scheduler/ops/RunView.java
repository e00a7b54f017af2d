package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run as operators see it.
 *
 * @param allowedActions what may be done now, and by this caller
 * @param tasks how far it is
 * @param traceId of the trigger message, and of every call made for it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record RunView(
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
        @Nullable ResolutionView resolution,
        List<String> allowedActions,
        TaskCounts tasks,
        @Nullable String traceId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<TaskRunView> taskRuns) {

    /** Those in none of the three are waiting, under way or cancelled. */
    record TaskCounts(int total, int completed, int skipped, int failed) {
        static final TaskCounts NONE = new TaskCounts(0, 0, 0, 0);
    }

    /** With the actions that are left to this caller. */
    RunView as(Caller caller) {
        return caller.has(Scope.RUNS_OPERATE) ? this : with(flags, List.of(), tasks, taskRuns);
    }

    RunView with(
            List<FlagView> allFlags, List<String> actions, TaskCounts counts, @Nullable List<TaskRunView> ofTasks) {
        return new RunView(
                runId,
                group,
                groupVersion,
                businessKey,
                orderingKey,
                triggerId,
                state,
                allFlags,
                mergedInto,
                rerunOf,
                createdAt,
                startedAt,
                endedAt,
                resolution,
                actions,
                counts,
                traceId,
                ofTasks);
    }
}
