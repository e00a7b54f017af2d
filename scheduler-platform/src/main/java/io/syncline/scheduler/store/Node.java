package io.syncline.scheduler.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One process of the cluster as the database knows it.
 *
 * @param stoppedAt when it signed off; null while it has not
 * @param live whether it checked in within 12 s, in database time
 * @param appliedCount the number of live nodes whose smaller shares this node keeps to; 0 while it is joining
 * @param clockSkewMs how far its clock was ahead of the database's at its last check-in; null before it has measured
 */
public record Node(
        String nodeId,
        Instant startedAt,
        Instant checkedInAt,
        @Nullable Instant stoppedAt,
        boolean live,
        @Nullable String version,
        int appliedCount,
        @Nullable Long clockSkewMs) {}
