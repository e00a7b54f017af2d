package io.syncline.consumer.sync;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The work of one idempotency key.
 *
 * @param columns of the extract, as the target names them; empty until the manifest is known
 * @param expectedRows of all files, by the manifest
 * @param fence rises with each claim; a write under an older one is rejected
 * @param phaseAt since when the job is in its state
 */
record SyncJob(
        String jobId,
        String idempotencyKey,
        String dataset,
        JobState state,
        @Nullable String extractId,
        @Nullable Instant asOf,
        List<String> columns,
        long expectedRows,
        long fence,
        int tries,
        long deletedRows,
        @Nullable String error,
        Instant createdAt,
        Instant phaseAt) {

    String knownExtractId() {
        if (extractId == null) {
            throw new IllegalStateException("job " + jobId + " has no extract in state " + state);
        }
        return extractId;
    }

    Instant knownAsOf() {
        if (asOf == null) {
            throw new IllegalStateException("job " + jobId + " has no asOf in state " + state);
        }
        return asOf;
    }
}
