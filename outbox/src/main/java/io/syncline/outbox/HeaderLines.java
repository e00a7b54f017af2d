package io.syncline.outbox;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Headers as stored text, one {@code name: value} a line. */
final class HeaderLines {

    private HeaderLines() {}

    static void check(Map<String, String> headers) {
        headers.forEach((name, value) -> {
            if (name.isBlank() || name.indexOf(':') >= 0 || hasLineBreak(name) || hasLineBreak(value)) {
                throw new IllegalArgumentException("not a header of one line: " + name);
            }
        });
    }

    /** Null for no headers, because an empty text is null on some databases. */
    static @Nullable String write(Map<String, String> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        return new TreeMap<>(headers)
                .entrySet().stream()
                        .map(header -> header.getKey() + ": " + header.getValue())
                        .collect(Collectors.joining("\n"));
    }

    static Map<String, String> read(@Nullable String lines) {
        if (lines == null || lines.isEmpty()) {
            return Map.of();
        }
        var headers = new LinkedHashMap<String, String>();
        for (var line : lines.split("\n", -1)) {
            var colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        return Map.copyOf(headers);
    }

    private static boolean hasLineBreak(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
