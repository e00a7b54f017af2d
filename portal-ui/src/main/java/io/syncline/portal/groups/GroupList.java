package io.syncline.portal.groups;

import io.syncline.portal.page.Lately;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of task groups as the platform answers it. */
record GroupList(List<Item> items, @Nullable String nextCursor) {

    record Item(
            String key,
            int version,
            @Nullable String description,
            @Nullable String owner,
            @Nullable List<String> labels,
            @Nullable List<Definition> definitions,
            @Nullable List<Rule> triggers,
            @Nullable Timetable schedule,
            @Nullable Instant nextFireAt,
            @Nullable Paused paused,
            @Nullable Recent recent) {}

    /** How it has done lately; only for those who may read runs. */
    record Recent(
            List<Lately.Run> runs,
            @Nullable Instant lastSuccess,
            @Nullable String freshness,
            boolean overTarget) {}

    record Definition(String key, String mode, String system) {}

    record Rule(String source, String type) {}

    record Timetable(
            String cron, @Nullable String zone, @Nullable String calendar) {}

    record Paused(Instant since, String by, @Nullable String reason) {}
}
