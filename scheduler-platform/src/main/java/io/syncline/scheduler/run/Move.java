package io.syncline.scheduler.run;

import org.jspecify.annotations.Nullable;

/**
 * One state change, as the journal keeps it.
 *
 * @param taskRunId null: the run itself moved
 * @param from null: it was made in this state
 * @param cause what moved it, in one word
 * @param actor the operator, when one did it
 */
public record Move(
        String runId,
        @Nullable String taskRunId,
        @Nullable String from,
        String to,
        @Nullable Integer attempt,
        @Nullable Long fence,
        MoveCause cause,
        @Nullable String detail,
        @Nullable String actor) {}
