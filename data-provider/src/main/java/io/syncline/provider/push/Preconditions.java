package io.syncline.provider.push;

import io.syncline.provider.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** {@code If-Match} and {@code If-None-Match} of an edit. */
record Preconditions(@Nullable String ifMatch, @Nullable String ifNoneMatch) {

    /**
     * @param etag of what is there; null: nothing is
     * @throws ProblemException 412, or 428 when something is there and nothing was said of it
     */
    void check(@Nullable String etag) {
        if (etag == null) {
            if (ifMatch != null) {
                throw lost();
            }
            return;
        }
        if (ifMatch == null && ifNoneMatch == null) {
            throw ProblemException.of(428, "precondition-required", "A precondition is required")
                    .detail("Send If-Match with the ETag of GET, or If-None-Match: * to make a new one only");
        }
        boolean matches = ifMatch != null
                && (ifMatch.strip().equals("*") || ifMatch.strip().equals(etag));
        if (ifNoneMatch != null || !matches) {
            throw lost();
        }
    }

    static ProblemException lost() {
        return ProblemException.of(412, "version-conflict", "The resource is not in the expected version")
                .detail("GET it again and repeat the edit with its ETag");
    }
}
