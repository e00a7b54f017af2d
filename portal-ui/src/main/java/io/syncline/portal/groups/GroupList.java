package io.syncline.portal.groups;

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
            @Nullable Paused paused) {}

    record Definition(String key, String mode, String system) {}

    record Rule(String source, String type) {}

    record Timetable(
            String cron, @Nullable String zone, @Nullable String calendar) {}

    record Paused(Instant since, String by, @Nullable String reason) {}
}
