package io.syncline.portal.alerts;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A silence as the platform answers it.
 *
 * @param quiets ids of the open alerts of which nobody is told while it stands; null in lists
 */
record SilenceView(
        @Nullable String silenceId,
        List<Matcher> matchers,
        Instant from,
        Instant until,
        String reason,
        String createdBy,
        Instant createdAt,
        String state,
        @Nullable Instant endedAt,
        @Nullable String endedBy,
        @Nullable List<String> quiets) {

    record Matcher(
            String of, @Nullable String equals, @Nullable String glob) {

        String inWords() {
            return glob == null ? of + " is " + equals : of + " like " + glob;
        }
    }

    record Part(List<SilenceView> items, @Nullable String nextCursor) {}
}
