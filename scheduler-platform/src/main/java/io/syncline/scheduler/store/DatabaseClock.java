package io.syncline.scheduler.store;

import java.time.Instant;

/** The database's time, the only clock for leases, due times and deadlines. */
public interface DatabaseClock {

    /** The time of the current transaction, to the microsecond; costs one statement, so read it once and pass it on. */
    Instant now();
}
