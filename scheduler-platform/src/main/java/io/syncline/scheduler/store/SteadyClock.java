package io.syncline.scheduler.store;

import java.time.Instant;

/**
 * Database time without a statement: that of the heartbeats, carried on by this process's monotonic clock. Good to half of the quickest
 * heartbeat's way, some milliseconds; for token lifetimes and logs, never for leases and deadlines.
 */
public interface SteadyClock {

    Instant now();
}
