package io.syncline.scheduler.catalog;

import org.jspecify.annotations.Nullable;

/** A task group as operators see it: its current document and whether it is paused. */
public record GroupView(StoredVersion current, @Nullable Pause pause) {}
