package io.syncline.scheduler.run;

/** Which version of the task group a rerun takes. */
public enum RerunVersion {
    /** The one of the run that is done once more. */
    PINNED,
    /** The newest one. */
    CURRENT
}
