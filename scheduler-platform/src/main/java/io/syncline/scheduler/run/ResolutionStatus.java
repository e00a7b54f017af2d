package io.syncline.scheduler.run;

/** How a failure is dealt with. */
public enum ResolutionStatus {
    /** Somebody knows of it; it stays on the list. */
    ACKNOWLEDGED,
    RESOLVED,
    IGNORED,
    /** A later run of the same group and ordering key completed; nobody sets this by hand. */
    SUPERSEDED;

    /** Whether the failure is off the list. */
    public boolean settles() {
        return this != ACKNOWLEDGED;
    }
}
