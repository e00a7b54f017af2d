package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest.State;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An extract as stored.
 *
 * @param asOf of the dataset when it was asked for; of the snapshot once READY
 * @param fence counts the workers that took it; part of the name of the folder with its files
 * @param changesSeq the last number of the change log that is in it for certain; null without a log, and before READY
 */
record Extract(
        String id,
        String dataset,
        State state,
        FileFormat format,
        int rowsPerFile,
        Instant asOf,
        @Nullable Long rows,
        int fence,
        Instant expiresAt,
        @Nullable String failure,
        @Nullable Long changesSeq) {

    String folder() {
        return id + "-" + fence;
    }
}
