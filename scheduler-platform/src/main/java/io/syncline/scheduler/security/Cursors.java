package io.syncline.scheduler.security;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Lists of things that have a key, page by page. */
final class Cursors {

    static final int MOST = 200;

    private Cursors() {}

    /** @param find those after a key, at most so many */
    static <T> Map<String, Object> page(
            int limit,
            @Nullable String cursor,
            BiFunction<@Nullable String, Integer, List<T>> find,
            Function<T, String> key,
            Function<T, Map<String, Object>> view) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                    .detail("limit is from 1 to " + MOST + ".")
                    .parameterError("limit", "is not from 1 to " + MOST, "range");
        }
        var found = find.apply(cursor == null ? null : key(cursor), limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("items", page.stream().map(view).toList());
        // A node, because members that are null are left out, and here the null is agreed.
        answer.put(
                "nextCursor",
                found.size() > limit ? cursor(key.apply(page.get(limit - 1))) : JsonNodeFactory.instance.nullNode());
        return answer;
    }

    private static String cursor(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String cursor) {
        try {
            var key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (Keys.isKey(key)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the refusal
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Take the cursor as nextCursor gave it.")
                .parameterError("cursor", "is none of ours", "format");
    }
}
