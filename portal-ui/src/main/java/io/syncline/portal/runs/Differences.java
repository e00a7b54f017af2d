package io.syncline.portal.runs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Some of the keys behind the numbers of a reconciliation, by kind (missing, unexpected, different), as downstreams name
 * them in the member {@code differences} of their result.
 */
final class Differences {

    static final String MEMBER = "differences";
    private static final int MOST = 100;

    private Differences() {}

    /** Kinds without keys are left out; empty when nothing of this form was reported. */
    static Map<String, List<String>> of(@Nullable Map<String, @Nullable Object> result) {
        var byKind = new LinkedHashMap<String, List<String>>();
        if (result != null && result.get(MEMBER) instanceof Map<?, ?> kinds) {
            kinds.forEach((kind, keys) -> {
                if (kind instanceof String name && keys instanceof List<?> all && !all.isEmpty()) {
                    byKind.put(
                            name, all.stream().limit(MOST).map(String::valueOf).toList());
                }
            });
        }
        return byKind;
    }

    /** As RFC 4180 has it; what a spreadsheet would take for a formula is marked as text. */
    static String csv(Map<String, List<String>> differences) {
        var csv = new StringBuilder("difference,key\r\n");
        differences.forEach((kind, keys) -> keys.forEach(
                key -> csv.append(cell(kind)).append(',').append(cell(key)).append("\r\n")));
        return csv.toString();
    }

    private static String cell(String text) {
        var safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }
}
