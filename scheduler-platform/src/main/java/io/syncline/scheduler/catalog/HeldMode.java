package io.syncline.scheduler.catalog;

/** Which held runs a resume lets go; the others whose trigger came during the pause end SKIPPED. */
public enum HeldMode {
    ALL,
    /** Of the runs whose trigger came during the pause, the newest per ordering key. */
    LATEST,
    NONE
}
