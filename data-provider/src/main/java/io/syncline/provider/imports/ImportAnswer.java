package io.syncline.provider.imports;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an import did.
 *
 * @param rows rows of the dataset afterwards, which is the records of the body
 * @param sha256 of the body after decompression, lower-case hex
 * @param messageId id of the trigger message that goes out for it; null when none does
 */
record ImportAnswer(
        String importId,
        String dataset,
        Instant asOf,
        Instant importedAt,
        long rows,
        long inserted,
        long updated,
        long deleted,
        long unchanged,
        String sha256,
        long bytes,
        @Nullable String messageId) {}
