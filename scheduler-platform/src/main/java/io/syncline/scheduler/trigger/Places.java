package io.syncline.scheduler.trigger;

import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Fills templates such as {@code /extracts/{id}} from a message. */
final class Places {

    private static final Pattern PLACE = Pattern.compile("\\{([A-Za-z0-9._-]+)}");

    /** Encoded separators count too: some servers decode before they resolve. */
    private static final Pattern SEPARATOR = Pattern.compile("/|\\\\|%2f|%5c", Pattern.CASE_INSENSITIVE);

    private static final Pattern DOTS = Pattern.compile("(\\.|%2e){1,2}", Pattern.CASE_INSENSITIVE);

    private Places() {}

    /** Whether a segment of the path, up to its query, is {@code .} or {@code ..}, however it is written. */
    static boolean climbs(String path) {
        int query = path.indexOf('?');
        return SEPARATOR
                .splitAsStream(query < 0 ? path : path.substring(0, query))
                .anyMatch(segment -> DOTS.matcher(segment).matches());
    }

    /** Null when the message lacks one of the places, or has no short text or number there. */
    static @Nullable String filled(String template, CloudEvent event, UnaryOperator<String> encoding) {
        var text = new StringBuilder();
        var places = PLACE.matcher(template);
        while (places.find()) {
            var content = content(places.group(1), event);
            if (content.isEmpty()) {
                return null;
            }
            places.appendReplacement(text, Matcher.quoteReplacement(encoding.apply(content.get())));
        }
        places.appendTail(text);
        return text.toString();
    }

    private static Optional<String> content(String place, CloudEvent event) {
        if (!place.startsWith("data.")) {
            return Optional.ofNullable(event.attributes().get(place));
        }
        var node = event.data();
        for (String member : place.substring("data.".length()).split("\\.", -1)) {
            node = node == null ? null : node.get(member);
        }
        if (node == null || !(node.isString() || node.isIntegralNumber() || node.isBoolean())) {
            return Optional.empty();
        }
        return Optional.of(node.asString()).filter(text -> !text.isBlank());
    }
}
