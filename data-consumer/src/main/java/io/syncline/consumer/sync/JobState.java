package io.syncline.consumer.sync;

/** Where a sync job stands; the states follow each other in this order, and FAILED follows any of the open ones. */
enum JobState {
    /** Waits for the provider's extract. */
    REQUESTED,
    /** Its files are downloaded, checked and staged; nothing is visible yet. */
    STAGING,
    /** All files are good, and the job alone writes the target: file by file, each in one transaction. */
    MERGING,
    /** The target is complete and is compared with the source. */
    RECONCILING,
    COMPLETED,
    FAILED;

    boolean hasEnded() {
        return this == COMPLETED || this == FAILED;
    }
}
