package io.syncline.scheduler.simulation;

import io.syncline.outbox.SimulatedOutbox;
import io.syncline.scheduler.run.StoreFaults;
import org.jspecify.annotations.Nullable;

/** A mistake planted around the product, and the invariants of which one has to catch it. */
enum Plant {
    FENCE_IGNORED(StoreFaults.Plant.IGNORES_THE_FENCE, Invariant.I8),
    VERSION_IGNORED(StoreFaults.Plant.IGNORES_THE_VERSION, Invariant.I8),
    COMPLETED_NOT_ABSORBING(StoreFaults.Plant.REOPENS_WHAT_COMPLETED, Invariant.I10),
    NODE_CLOCK_IN_LEASE(StoreFaults.Plant.NODE_CLOCK_IN_LEASE, Invariant.I9),
    PROMOTION_LOST(StoreFaults.Plant.LOSES_THE_PROMOTION, Invariant.I26),
    MERGED_WITHOUT_LINK(StoreFaults.Plant.MERGES_WITHOUT_LINKING, Invariant.I1),
    JOURNAL_FORGOTTEN(StoreFaults.Plant.FORGETS_THE_JOURNAL, Invariant.I8),
    PLACES_NOT_COUNTED(StoreFaults.Plant.COUNTS_NO_PLACES, Invariant.BLOCKING),
    ORDER_IGNORED(StoreFaults.Plant.TAKES_THE_NEWEST, Invariant.BLOCKING),
    NO_UNIQUE_KEY(Invariant.I1),
    ACKNOWLEDGED_BEFORE_COMMIT(Invariant.I1),
    KEY_PER_ROUND(Invariant.I5),
    TIMEOUT_IS_FAILURE(Invariant.I5),
    RETRY_AFTER_IGNORED(Invariant.I12),
    STALE_ATTEMPT_ACCEPTED(Invariant.I14),
    COPIES_FORGOTTEN(Invariant.I15),
    GARBAGE_IS_SUCCESS(Invariant.I14),
    MISSED_FORGOTTEN(Invariant.I11),
    SENT_TWICE(Invariant.I7),
    DELIVERED_BEFORE_SENT(SimulatedOutbox.Plant.DELIVERED_BEFORE_SENT, Invariant.I17),
    MESSAGE_ORDER_IGNORED(SimulatedOutbox.Plant.ORDER_IGNORED, Invariant.I18);

    final StoreFaults.@Nullable Plant inStore;
    final SimulatedOutbox.@Nullable Plant inOutbox;
    final Invariant caughtBy;

    Plant(Invariant caughtBy) {
        this.inStore = null;
        this.inOutbox = null;
        this.caughtBy = caughtBy;
    }

    Plant(StoreFaults.Plant inStore, Invariant caughtBy) {
        this.inStore = inStore;
        this.inOutbox = null;
        this.caughtBy = caughtBy;
    }

    Plant(SimulatedOutbox.Plant inOutbox, Invariant caughtBy) {
        this.inStore = null;
        this.inOutbox = inOutbox;
        this.caughtBy = caughtBy;
    }
}
