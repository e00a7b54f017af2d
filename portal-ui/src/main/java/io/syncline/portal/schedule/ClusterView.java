package io.syncline.portal.schedule;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The cluster, as the platform answers it. */
record ClusterView(Instant now, String self, List<Node> nodes, QueueDepth queueDepth) {

    record Node(
            String nodeId,
            Instant startedAt,
            Instant checkedInAt,
            @Nullable Instant stoppedAt,
            boolean live,
            @Nullable String version,
            int appliedCount,
            @Nullable Long clockSkewMs) {}

    record QueueDepth(Bounded due, List<SystemDepth> systems, Bounded queuedRuns) {}

    record SystemDepth(String system, long due) {}

    /** @param relation {@code gte} where counting stopped */
    record Bounded(long value, String relation) {}
}
