package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Where the next part of a list begins, good for the list and the filters that gave it alone. */
final class ListCursor {

    private ListCursor() {}

    static String write(String listWithFilters, String last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((mark(listWithFilters) + " " + last).getBytes(StandardCharsets.UTF_8));
    }

    /** @throws ProblemException 400 when this list with these filters has not given the cursor */
    static @Nullable String read(String listWithFilters, @Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            var prefix = mark(listWithFilters) + " ";
            if (text.startsWith(prefix) && text.length() > prefix.length()) {
                return text.substring(prefix.length());
            }
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        throw refused(null);
    }

    static ProblemException refused(@Nullable Throwable cause) {
        var problem = ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Ask for the list again without the cursor.")
                .parameterError("cursor", "is not one that this list with these filters has given", "invalid-value");
        return cause == null ? problem : problem.cause(cause);
    }

    private static String mark(String listWithFilters) {
        var sum = new CRC32();
        sum.update(listWithFilters.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(sum.getValue());
    }
}
