package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.StoredVersion;
import io.syncline.scheduler.catalog.SyncSystem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A system in a list. */
record SystemListItem(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<String> instances,
        Instant changedAt,
        String changedBy) {

    static SystemListItem of(StoredVersion stored, SyncSystem system) {
        return new SystemListItem(
                system.key(),
                system.version(),
                system.description(),
                system.owner(),
                system.labels(),
                system.instances().stream().map(Object::toString).toList(),
                stored.createdAt(),
                stored.createdBy());
    }
}
