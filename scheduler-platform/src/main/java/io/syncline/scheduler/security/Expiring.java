package io.syncline.scheduler.security;

/** A table whose rows have their time; a bean of it per table. */
public interface Expiring {

    /** Removes rows whose time is over, in small batches, each in a transaction of its own. */
    void purge();
}
