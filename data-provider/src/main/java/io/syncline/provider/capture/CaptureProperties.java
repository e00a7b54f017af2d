package io.syncline.provider.capture;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the database's log is read.
 *
 * @param slot name of the replication slot, and of this capture among others of the same database
 * @param publication name of the publication; made when it is not there, set to the captured tables when it differs
 * @param snapshot whether the rows that are there at the first start are told
 * @param username of a role with REPLICATION; that of the data source when null
 * @param lease how long an instance follows the log without renewal, in database time
 * @param retry between two tries to follow the log
 * @param heartbeat between two looks for a position that is passed without a change
 * @param maxLag log kept for the slot beyond which the health is DOWN
 * @param connector further settings of the connector, such as {@code database.sslmode}
 */
@ConfigurationProperties("syncline.provider.capture")
record CaptureProperties(
        @DefaultValue("syncline_provider") String slot,
        @DefaultValue("syncline_provider") String publication,
        @DefaultValue("NONE") Snapshot snapshot,
        @Nullable String username,
        @Nullable String password,
        @DefaultValue("12s") Duration lease,
        @DefaultValue("1s") Duration retry,
        @DefaultValue("5s") Duration heartbeat,
        @DefaultValue("1GB") DataSize maxLag,
        @DefaultValue Map<String, String> connector) {

    enum Snapshot {
        /** Only what changes from the first start on. */
        NONE,
        /** Each row that is there is told as CREATED first. */
        INITIAL
    }

    CaptureProperties {
        if (!slot.matches("[a-z0-9_]{1,63}") || !publication.matches("[a-z0-9_]{1,63}")) {
            throw new IllegalArgumentException(
                    "slot and publication under syncline.provider.capture have lower-case letters, digits and _");
        }
        if (lease.toMillis() < 300 || retry.toMillis() < 1 || heartbeat.toMillis() < 1) {
            throw new IllegalArgumentException("the lease under syncline.provider.capture is 300 ms or more");
        }
    }
}
