package io.syncline.scheduler.store;

import java.time.Instant;

/**
 * Database time without a statement: the time of the last heartbeat, carried on by this process's monotonic clock. Good to a
 * few milliseconds; for token lifetimes and logs, never for leases and deadlines.
 */
public interface SteadyClock {

    Instant now();
}
