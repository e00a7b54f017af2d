package io.syncline.scheduler.security;

import org.jspecify.annotations.Nullable;

/** The query parameter {@code reason} of a route whose body has no place for one: audited with the change. */
public final class QueryReason {

    private static final int LONGEST = 500;

    private QueryReason() {}

    /** @throws ProblemException 400 when there is one that cannot be kept */
    public static @Nullable String read(@Nullable String reason) {
        if (reason == null) {
            return null;
        }
        if (reason.isBlank() || reason.length() > LONGEST || reason.chars().anyMatch(Character::isISOControl)) {
            throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                    .detail("Correct the query parameter 'reason'.")
                    .parameterError("reason", "has 1 to " + LONGEST + " characters, none of control", "invalid-value");
        }
        return reason;
    }
}
