package io.syncline.scheduler.run;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the parts of reports that are kept as JSON text. */
final class ReportJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ReportJson() {}

    static @Nullable String write(@Nullable Object part) {
        return part == null ? null : JSON.writeValueAsString(part);
    }

    static <T> @Nullable T read(@Nullable String text, Class<T> type) {
        return text == null ? null : JSON.readValue(text, type);
    }

    static <T> @Nullable List<T> readList(@Nullable String text, Class<T> element) {
        return text == null
                ? null
                : JSON.readValue(text, JSON.getTypeFactory().constructCollectionType(List.class, element));
    }
}
