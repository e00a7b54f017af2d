package io.syncline.scheduler.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Connections to the database.
 *
 * @param migrate whether start-up applies the migrations; unset: on the embedded database only
 * @param allowUnsafeDurability start on PostgreSQL although fsync or synchronous_commit is off
 * @param connectTimeout to open a connection
 * @param acquireTimeout to get a connection from its pool, then the caller is refused
 * @param statementTimeout one statement; bulk work has four times as much
 * @param socketTimeout silence on a connection at most, above the longest statement; pools of shorter statements give up
 *     2 s after theirs
 * @param lockTimeout waiting for a row lock
 * @param idleInTransactionTimeout a session doing nothing inside a transaction; bulk work has six times as much
 */
@ConfigurationProperties("syncline.database")
record DatabaseProperties(
        @Nullable Boolean migrate,
        @DefaultValue("false") boolean allowUnsafeDurability,
        @DefaultValue("PT3S") Duration connectTimeout,
        @DefaultValue("PT2S") Duration acquireTimeout,
        @DefaultValue("PT15S") Duration statementTimeout,
        @DefaultValue("PT90S") Duration socketTimeout,
        @DefaultValue("PT5S") Duration lockTimeout,
        @DefaultValue("PT10S") Duration idleInTransactionTimeout,
        @DefaultValue Pools pools) {

    static final int BULK_STATEMENT_FACTOR = 4;
    static final int BULK_IDLE_FACTOR = 6;

    DatabaseProperties {
        if (socketTimeout.compareTo(statementTimeout.multipliedBy(BULK_STATEMENT_FACTOR)) <= 0) {
            throw new IllegalArgumentException("syncline.database.socket-timeout (" + socketTimeout
                    + ") must be above the longest statement time-out, which is four times"
                    + " syncline.database.statement-timeout (" + statementTimeout + ")");
        }
    }

    /**
     * The most connections of each pool.
     *
     * @param api requests of callers
     * @param dispatch claims and outcomes
     * @param bulk long reads and bulk jobs
     * @param quartz the clock's own store
     */
    record Pools(
            @DefaultValue("16") int api,
            @DefaultValue("8") int dispatch,
            @DefaultValue("4") int bulk,
            @DefaultValue("6") int quartz) {}
}
