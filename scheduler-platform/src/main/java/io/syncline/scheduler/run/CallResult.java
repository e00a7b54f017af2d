package io.syncline.scheduler.run;

import io.syncline.contracts.StatusReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the answer to a sync call means. */
public sealed interface CallResult {

    /** One line for an operator; null when there is nothing to add. */
    default @Nullable String detail() {
        return null;
    }

    /** 202, or 409 already-running: the work goes on. */
    record Accepted() implements CallResult {}

    /** 200 with a status report, judged like a callback. */
    record Reported(StatusReport report) implements CallResult {}

    /** A 2xx answer that nobody can read: never a success. */
    record Unreadable(String detail) implements CallResult {}

    /**
     * 408, 425, 429 or 5xx: the same attempt is called again.
     *
     * @param retryAfter as the downstream asked; null when it did not, or not readably
     */
    record RetryableStatus(String detail, @Nullable Duration retryAfter) implements CallResult {}

    /** No answer: whether the downstream has the work is not known, so the same attempt is called again. */
    record Unknown(String detail) implements CallResult {}

    /** 401: called again at once with a new token, the second time in a row it is a refusal. */
    record Unauthorized() implements CallResult {}

    /** Another 4xx or a redirect: ends the task run. */
    record Refused(String detail) implements CallResult {}
}
