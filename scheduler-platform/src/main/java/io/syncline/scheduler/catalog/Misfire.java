package io.syncline.scheduler.catalog;

/** What becomes of fire times that passed while nobody could fire them. */
public enum Misfire {
    /** However many were missed, one run is started. */
    FIRE_ONCE,
    /** Missed fire times start nothing. */
    SKIP,
    /** The newest missed fire times start one run each, in their order; {@link Schedule#maxCatchUp} at most. */
    CATCH_UP
}
