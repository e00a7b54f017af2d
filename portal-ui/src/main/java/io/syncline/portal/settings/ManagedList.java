package io.syncline.portal.settings;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of what files manage, as the platform answers it. */
record ManagedList(List<Item> items, @Nullable String nextCursor) {

    record Item(String kind, String key, @Nullable String source, Instant appliedAt, String appliedBy) {

        Row row(Moments moments) {
            var isLink = source != null && (source.startsWith("https://") || source.startsWith("http://"));
            return new Row(kind, key, PlanRow.path(kind, key), source, isLink, moments.of(appliedAt), appliedBy);
        }
    }

    /** @param isLink whether the source is an address that a browser can open */
    record Row(
            String kind,
            String key,
            @Nullable String path,
            @Nullable String source,
            boolean isLink,
            Moment applied,
            String appliedBy) {}
}
