package io.syncline.scheduler.catalog;

/** What becomes of fire times that passed while nobody could fire them. */
public enum Misfire {
    /** However many were missed, one run is started. */
    FIRE_ONCE,
    /** Missed fire times start nothing. */
    SKIP
}
