package io.syncline.client.sync;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Idempotency-Key}, a quoted string of RFC 8941. */
final class IdempotencyKey {

    static final String HEADER = "Idempotency-Key";
    static final int MOST_CHARACTERS = 200;

    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*)\"");

    private IdempotencyKey() {}

    /** Empty when it is not a quoted string of 1 to 200 characters. */
    static Optional<String> parse(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        var quoted = QUOTED.matcher(header.strip());
        if (!quoted.matches()) {
            return Optional.empty();
        }
        var key = quoted.group(1).replaceAll("\\\\(.)", "$1");
        return key.isBlank() || key.length() > MOST_CHARACTERS ? Optional.empty() : Optional.of(key);
    }
}
