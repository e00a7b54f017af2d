package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of state, of the run or of one of its task runs.
 *
 * @param taskRunId and task: null when it is the run's own
 * @param from null: it was made then
 * @param actor the operator who did it; null: the platform by itself
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record MoveView(
        String moveId,
        Instant at,
        @Nullable String taskRunId,
        @Nullable String task,
        @Nullable String from,
        String to,
        @Nullable Integer attempt,
        String cause,
        @Nullable String detail,
        @Nullable String actor,
        String node) {}
