package io.syncline.provider.lookup;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of look-ups, and how rows are found.
 *
 * @param maxIds most ids of a request
 * @param maxBytes most bytes of a body, after decompression
 * @param atOnce look-ups that read from the database at the same moment on this instance; each holds a connection
 * @param waiting look-ups that may wait for their turn; more are answered 503
 * @param maxWait how long one waits for its turn before it is answered 503
 * @param timeout from a look-up's turn to the end of its answer; a caller that reads more slowly is cut off
 * @param strategy how rows are found; left out: as {@link Strategies} chooses by database and number of ids
 * @param batchRows keys written, or put into one list, at a time
 * @param fetchRows rows fetched from the database at a time
 * @param randomPageCost what PostgreSQL's planner takes for a page read out of turn, during a look-up; 0: as it is set
 */
@ConfigurationProperties("syncline.provider.lookups")
record LookupProperties(
        @DefaultValue("30000") int maxIds,
        @DefaultValue("8MB") DataSize maxBytes,
        @DefaultValue("8") int atOnce,
        @DefaultValue("16") int waiting,
        @DefaultValue("1500ms") Duration maxWait,
        @DefaultValue("60s") Duration timeout,
        @Nullable StrategyName strategy,
        @DefaultValue("1000") int batchRows,
        @DefaultValue("1000") int fetchRows,
        @DefaultValue("1.1") double randomPageCost) {

    LookupProperties {
        if (maxIds < 1 || maxBytes.toBytes() < 1 || atOnce < 1 || waiting < 0 || fetchRows < 1) {
            throw new IllegalArgumentException("the bounds under syncline.provider.lookups are above zero");
        }
        if (maxWait.isNegative() || timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the times under syncline.provider.lookups are above zero");
        }
        if (batchRows < 1 || batchRows > 1000) {
            // Oracle takes at most 1000 members of an IN list.
            throw new IllegalArgumentException("syncline.provider.lookups.batch-rows is 1 to 1000: " + batchRows);
        }
        if (!(randomPageCost >= 0 && randomPageCost < 1000)) {
            throw new IllegalArgumentException(
                    "syncline.provider.lookups.random-page-cost is 0 to 1000: " + randomPageCost);
        }
    }

    Tuning tuning() {
        return new Tuning(batchRows, fetchRows, randomPageCost, timeout);
    }
}
