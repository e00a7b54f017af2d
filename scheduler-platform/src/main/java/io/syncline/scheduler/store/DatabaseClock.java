package io.syncline.scheduler.store;

import java.time.Instant;

/** The database's time, the only clock for leases, due times and deadlines. */
public interface DatabaseClock {

    /** The time of the current transaction, to the microsecond; the first look in each costs a statement. */
    Instant now();
}
