package io.syncline.scheduler.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A task group as operators see it: its current document and whether it is paused.
 *
 * @param managed null: it is managed by hand; lists do not tell
 */
public record GroupView(
        StoredVersion current,
        @Nullable Pause pause,
        @Nullable ManagedObject managed) {

    GroupView(StoredVersion current, @Nullable Pause pause) {
        this(current, pause, null);
    }
}
