package io.syncline.provider.lookup;

import io.syncline.provider.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** How the ids of a body are written. */
enum BodyForm {
    /** One array of texts and numbers. */
    JSON,
    /** One JSON text or number in each line. */
    NDJSON,
    /** The bare id in each line. */
    LINES;

    /** @throws ProblemException 415 */
    static BodyForm of(@Nullable String contentType) {
        try {
            if (contentType != null) {
                var type = MediaType.parseMediaType(contentType);
                var charset = type.getCharset();
                if (charset == null || charset.equals(StandardCharsets.UTF_8)) {
                    switch (type.getType() + "/" + type.getSubtype()) {
                        case "application/json":
                            return JSON;
                        case "application/x-ndjson", "application/ndjson":
                            return NDJSON;
                        case "text/plain":
                            return LINES;
                        default:
                            break;
                    }
                }
            }
        } catch (IllegalArgumentException unreadable) {
            // Answered below like any other type.
        }
        throw ProblemException.of(415, "unsupported-media-type", "The body is of a media type that is not taken here")
                .detail(
                        "Send the ids as application/json (an array), application/x-ndjson or text/plain (one per line),"
                                + " in UTF-8");
    }
}
