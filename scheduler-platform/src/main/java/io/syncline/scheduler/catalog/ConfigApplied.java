package io.syncline.scheduler.catalog;

import org.jspecify.annotations.Nullable;

/** Published in the transaction in which a plan was carried out, after the {@link ConfigChanged} of its objects. */
public record ConfigApplied(
        String actor,
        ConfigPlan plan,
        @Nullable String source,
        @Nullable String reason) {}
