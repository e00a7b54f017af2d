package io.syncline.portal.groups;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON that somebody typed into a form: read, empty, or wrong. */
record JsonField(@Nullable JsonNode value, boolean isWrong) {

    static JsonField of(@Nullable String typed) {
        if (typed == null || typed.isBlank()) {
            return new JsonField(null, false);
        }
        var value = Documents.jsonOrNull(typed);
        return new JsonField(value, value == null);
    }
}
