package io.syncline.contracts;

import org.jspecify.annotations.Nullable;

/**
 * The platform's answer to a callback, given after commit.
 *
 * @param applied whether this callback changed anything
 * @param reason why it did not; absent when it did
 * @param state the task run's state now
 * @param firstApplied of a DUPLICATE: the {@code applied} of the first answer to this {@code callbackId}
 */
public record CallbackAnswer(
        boolean applied,
        @Nullable Reason reason,
        String state,
        @Nullable Boolean firstApplied) {

    /** Tested in this order; the first that holds is the answer. */
    public enum Reason {
        DUPLICATE,
        STALE_ATTEMPT,
        ALREADY_ENDED,
        OUT_OF_ORDER
    }
}
