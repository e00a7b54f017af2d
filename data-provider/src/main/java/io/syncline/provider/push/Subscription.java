package io.syncline.provider.push;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is told of a dataset's changes.
 *
 * @param id of this subscription; another one under the same key, later, has another id
 * @param sealedSecret signs
 * @param earlierSecret signs as well until {@code earlierUntil}
 * @param failingSince since when there was no success; null after one
 * @param edition rises with each edit
 */
record Subscription(
        String id,
        String key,
        String dataset,
        String endpoint,
        boolean ordered,
        boolean enabled,
        @Nullable String disabledBecause,
        String sealedSecret,
        @Nullable String earlierSecret,
        @Nullable Instant earlierUntil,
        @Nullable Instant failingSince,
        int edition,
        Instant createdAt,
        Instant changedAt,
        String changedBy) {

    /** The sealed secrets that sign at a time, the newest first. */
    List<String> secrets(Instant now) {
        return earlierSecret != null && earlierUntil != null && earlierUntil.isAfter(now)
                ? List.of(sealedSecret, earlierSecret)
                : List.of(sealedSecret);
    }

    String etag() {
        return "\"" + edition + "\"";
    }
}
