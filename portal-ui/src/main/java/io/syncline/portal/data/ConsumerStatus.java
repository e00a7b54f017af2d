package io.syncline.portal.data;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the copies and the user view stand, as the data consumer answers it. */
record ConsumerStatus(List<Copy> copies, View userView) {

    /** @param path of the call that brings it up to date */
    record Copy(
            String path,
            String source,
            @Nullable Instant asOf,
            @Nullable Long rows,
            boolean isWritten,
            @Nullable Instant updatedAt) {}

    record View(
            long generation,
            @Nullable Instant liveSince,
            @Nullable Instant asOf,
            long parked,
            Recent recent,
            List<String> breaches,
            List<Feed> feeds,
            Work lastWork) {}

    record Recent(Instant since, long changes, long late, long longestMillis) {}

    record Feed(String dataset, long seq, @Nullable Instant asOf, boolean gone) {}

    record Work(
            String rebuildId,
            String purpose,
            String state,
            Instant openedAt,
            @Nullable Instant endedAt,
            int tries,
            long rows,
            long expectedRows) {}
}
