package io.syncline.scheduler.store;

/** Says whether what this node has in flight fits its shares as {@link Nodes#share} gives them now. */
@FunctionalInterface
public interface ShareGate {

    /** Asked on the heartbeat's thread; must answer at once and without the database. */
    boolean fits();
}
