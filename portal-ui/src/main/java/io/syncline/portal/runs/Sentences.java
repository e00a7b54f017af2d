package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sentences of the platform as a page shows them: their times in the reader's zone. */
final class Sentences {

    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?Z");

    private Sentences() {}

    static @Nullable String localised(@Nullable String sentence, Moments moments) {
        return sentence == null ? null : TIME.matcher(sentence).replaceAll(found -> local(found.group(), moments));
    }

    private static String local(String iso, Moments moments) {
        try {
            return moments.of(Instant.parse(iso)).text();
        } catch (DateTimeException noTime) {
            return iso;
        }
    }
}
