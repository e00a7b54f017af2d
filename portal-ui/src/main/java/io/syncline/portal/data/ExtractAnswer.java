package io.syncline.portal.data;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extracts as the data provider answers them. */
final class ExtractAnswer {

    private ExtractAnswer() {}

    record Part(List<Extract> items, @Nullable String nextCursor) {}

    record Detail(Extract extract, List<File> files, boolean filesAreAll) {}

    record Extract(
            String extractId,
            String dataset,
            String state,
            String format,
            int rowsPerFile,
            Instant asOf,
            @Nullable Long rows,
            long files,
            long bytes,
            Instant createdAt,
            @Nullable Instant endedAt,
            Instant expiresAt,
            @Nullable String failure,
            @Nullable String requestedBy) {}

    record File(String name, long rows, long bytes, String sha256) {}
}
