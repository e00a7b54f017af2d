package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.StoredVersion;
import java.time.Instant;

/** A version of a task group in a list. */
record VersionListItem(int version, Instant createdAt, String createdBy) {

    static VersionListItem of(StoredVersion stored) {
        return new VersionListItem(stored.version(), stored.createdAt(), stored.createdBy());
    }
}
