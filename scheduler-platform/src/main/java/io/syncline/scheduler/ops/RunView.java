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
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<TaskRunView> taskRuns) {

    /** With the actions that are left to this caller. */
    RunView as(Caller caller) {
        return caller.has(Scope.RUNS_OPERATE) ? this : with(flags, List.of(), taskRuns);
    }

    RunView with(List<FlagView> allFlags, List<String> actions, @Nullable List<TaskRunView> ofTasks) {
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
                ofTasks);
    }
}
