package io.syncline.scheduler.catalog;

/** What a new run does while another run of its group and ordering key is active. */
public enum WhenActive {
    QUEUE,
    MERGE_LATEST,
    SKIP,
    PARALLEL,
    CANCEL_THEN_START
}
