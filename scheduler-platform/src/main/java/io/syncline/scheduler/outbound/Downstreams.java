package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Auth;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** The downstream systems as their caller sees them: slots first, then one call per slot. Safe for use by many threads. */
public interface Downstreams {

    /**
     * Reserves call slots: this node's share of the system's concurrency less what is in flight or reserved, within the
     * rate and what the breaker lets through.
     *
     * @return how many were reserved, at most {@code wanted}; 0 when none is free or the system is unknown
     */
    int reserve(String system, int wanted);

    /** Gives back reserved slots that no call will use; they do not count against the rate. */
    void release(String system, int unused);

    /**
     * Makes one call on one reserved slot and frees it at the end. Returns at once; the future always completes with a
     * reply, never with an exception: not later than the call's time-out after the connection stands, for which there is
     * the connect time-out before. It completes on an I/O thread; what hangs on it must not block. A credential that the
     * system has refused is forgotten before, within 1 s.
     */
    CompletableFuture<Reply> call(OutboundCall call);

    /** Says that the system has refused its credential; the next call presents a new one. */
    void refreshCredential(String system, Auth auth);

    /**
     * Whether this node knows a free slot of the system. Answers from memory, also while the database is away; a system that
     * was never called has none.
     */
    default boolean hasFreeSlot(String system) {
        return withFreeSlots().contains(system);
    }

    /** The known systems for which {@link #reserve} would give at least one slot now. */
    Set<String> withFreeSlots();
}
