package io.syncline.scheduler.ops;

import io.syncline.scheduler.store.Node;
import java.time.Instant;
import java.util.List;

/**
 * The cluster at one moment of database time.
 *
 * @param self the node that answers
 */
record ClusterView(
        Instant now, String self, List<Node> nodes, List<NextFireTime> nextFireTimes, QueueDepth queueDepth) {

    /** Work that is due now, and how much of it is whose. */
    record QueueDepth(BoundedCount due, List<SystemDepth> systems, BoundedCount queuedRuns) {}

    record SystemDepth(String system, long due) {}

    /** @param relation {@code eq}, or {@code gte} where counting stopped at the bound */
    record BoundedCount(long value, String relation) {}
}
