package io.syncline.provider.request;

import io.syncline.provider.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** The header {@code Idempotency-Key}: a quoted string (RFC 8941); a bare token is the same key. */
public final class IdempotencyKey {

    private IdempotencyKey() {}

    public static @Nullable String read(@Nullable String header) {
        if (header == null) {
            return null;
        }
        var text = header.strip();
        var key = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
                : text;
        boolean printable = key.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        if (key.isEmpty() || key.length() > 255 || !printable) {
            throw ProblemException.of(400, "invalid-header", "A header cannot be read")
                    .error("header", "Idempotency-Key", "is a quoted string of 1 to 255 ASCII characters", "syntax");
        }
        return key;
    }
}
