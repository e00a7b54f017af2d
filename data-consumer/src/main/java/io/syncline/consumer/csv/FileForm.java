package io.syncline.consumer.csv;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a file says what it says.
 *
 * @param charset of its bytes; what is no character of it is refused, never replaced
 * @param nullTexts fields with one of these texts are null, as empty ones are, in quotes or not
 */
public record FileForm(Charset charset, Set<String> nullTexts) {

    /** As the provider's files are, and our own. */
    public static final FileForm PLAIN = new FileForm(StandardCharsets.UTF_8, Set.of());

    public @Nullable String content(String field) {
        return field.isEmpty() || nullTexts.contains(field) ? null : field;
    }
}
