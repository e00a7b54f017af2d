package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.ProblemException;
import org.jspecify.annotations.Nullable;

/** Query parameters that are true or false. */
final class QueryFlags {

    private QueryFlags() {}

    /** @throws ProblemException 400 when it is neither */
    static boolean read(String parameter, @Nullable String value) {
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Correct the query parameter '" + parameter + "'.")
                .parameterError(parameter, "is true or false", "invalid-value");
    }
}
