package io.syncline.scheduler.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Published in the transaction of every change of configuration.
 *
 * @param action put, delete, detach, pause or resume
 * @param kind TaskGroup, System or Destinations
 * @param before the document before the change, as JSON; null when there was none
 * @param after the document after the change, as JSON; null when there is none
 * @param means whether it was made by hand or by a plan
 */
public record ConfigChanged(
        String actor,
        String action,
        String kind,
        String key,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason,
        Instant at,
        Editor.Means means) {

    public ConfigChanged(
            String actor,
            String action,
            String kind,
            String key,
            @Nullable String before,
            @Nullable String after,
            @Nullable String reason,
            Instant at) {
        this(actor, action, kind, key, before, after, reason, at, Editor.Means.HAND);
    }
}
