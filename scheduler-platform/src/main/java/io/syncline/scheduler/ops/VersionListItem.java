package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.StoredVersion;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A version of a task group in a list. */
record VersionListItem(
        int version,
        Instant createdAt,
        String createdBy,
        @Nullable String reason) {

    static VersionListItem of(StoredVersion stored) {
        return new VersionListItem(stored.version(), stored.createdAt(), stored.createdBy(), stored.reason());
    }
}
