package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.ManagedObjects;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An object that files manage.
 *
 * @param source where the files stand, such as a repository and its commit; null: it was not said
 */
record ManagedListItem(String kind, String key, @Nullable String source, Instant appliedAt, String appliedBy) {

    static ManagedListItem of(ManagedObjects.Named named) {
        var managed = named.managed();
        return new ManagedListItem(named.kind(), named.key(), managed.source(), managed.since(), managed.by());
    }
}
