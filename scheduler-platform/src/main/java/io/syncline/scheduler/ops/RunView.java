package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run as operators see it. */
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
        List<String> allowedActions,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<TaskRunView> taskRuns) {

    RunView with(List<TaskRunView> ofTasks) {
        return new RunView(
                runId,
                group,
                groupVersion,
                businessKey,
                orderingKey,
                triggerId,
                state,
                flags,
                mergedInto,
                rerunOf,
                createdAt,
                startedAt,
                endedAt,
                allowedActions,
                ofTasks);
    }
}
