package io.syncline.scheduler.catalog;

/** How a call chooses among the live instances of a system. */
public enum Routing {
    ROUND_ROBIN,
    /** The one with the fewest calls of this node in flight. */
    LEAST_BUSY
}
