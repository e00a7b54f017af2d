package io.syncline.consumer.sync;

/** Where a file of a job stands. STAGING and MERGING are held under a lease and fall to another instance with it. */
enum FileState {
    PENDING,
    STAGING,
    STAGED,
    MERGING,
    MERGED,
    FAILED,
    /** Needs no work: the target already holds a later extract. */
    SKIPPED
}
