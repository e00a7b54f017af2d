package io.syncline.consumer.users;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One whole copy of the view.
 *
 * @param workKey names the work that it is made by
 * @param fence rejects what an earlier holder does late
 * @param tries in a row that failed
 * @param error why it was given up
 * @param result what the comparison with the live one gave, as JSON
 */
record Generation(
        long number,
        State state,
        Purpose purpose,
        String workKey,
        long fence,
        int tries,
        @Nullable String error,
        @Nullable String result,
        Instant openedAt,
        @Nullable Instant liveAt,
        @Nullable Instant endedAt) {

    /** FILLING becomes LIVE or RETIRED, LIVE becomes RETIRED, and what is RETIRED is DELETED row by row. */
    enum State {
        FILLING,
        LIVE,
        RETIRED,
        DELETED
    }

    /** RECONCILE goes live only if it differs from what is live. */
    enum Purpose {
        FIRST,
        REBUILD,
        RECONCILE
    }
}
