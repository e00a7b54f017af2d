package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.ProblemException;
import java.util.regex.Pattern;

/** The value of an Idempotency-Key header: a quoted string by RFC 8941; from operators also without the quotes. */
record IdempotencyKey(String value) {

    static final String HEADER = "Idempotency-Key";

    private static final Pattern QUOTED = Pattern.compile("\"((?:[ !#-\\[\\]-~]|\\\\[\"\\\\]){1,255})\"");
    private static final Pattern BARE = Pattern.compile("[!#-~&&[^\\\\,;]]{1,255}");

    /** @throws ProblemException 400 when it is neither */
    static IdempotencyKey of(String header) {
        var text = header.strip();
        var quoted = QUOTED.matcher(text);
        if (quoted.matches()) {
            return new IdempotencyKey(quoted.group(1).replaceAll("\\\\([\"\\\\])", "$1"));
        }
        if (BARE.matcher(text).matches()) {
            return new IdempotencyKey(text);
        }
        throw ProblemException.of(400, "invalid-header", "A request header is not valid")
                .detail("Send the key as a quoted string of 1 to 255 characters.")
                .headerError(HEADER, "is no quoted string of 1 to 255 printable characters", "invalid-value");
    }

    /** As it stands in a header. */
    String quoted() {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
