package io.syncline.consumer.sync;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import org.jspecify.annotations.Nullable;

/**
 * One file of a job.
 *
 * @param fence rises with each claim; a write under an older one is rejected
 * @param retryable of a FAILED file: whether another attempt may help
 */
record SyncFile(
        String jobId,
        int fileNo,
        ExtractFile expected,
        FileState state,
        @Nullable Long actualRows,
        @Nullable String actualSha256,
        long fence,
        int tries,
        long inserted,
        long updated,
        long unchanged,
        @Nullable String error,
        boolean retryable) {

    String name() {
        return expected.name();
    }
}
