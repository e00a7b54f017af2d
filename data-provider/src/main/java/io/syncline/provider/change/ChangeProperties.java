package io.syncline.provider.change;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the change log is numbered, read and kept.
 *
 * @param poll how often it is looked for changes that other instances' writers committed
 * @param batch changes numbered in one transaction
 * @param keep from a change's number to its deletion
 * @param keepUnread from a change's number to its deletion while a known reader has not read it; not less than {@code keep}
 * @param sweepInterval between two deletions of what is no longer kept
 * @param sweepBatch changes deleted in one transaction
 * @param hold how long an instance that fell silent may keep others from giving numbers, where the database can tell:
 *     on PostgreSQL
 * @param meterRefresh how often the gauges are read
 * @param maxWait longest {@code ?wait=}
 * @param maxWaiting requests that may wait at the same moment; more are answered 503
 * @param waitPoll how often it is looked for changes that other instances numbered, while somebody waits
 * @param maxPageChars after so many characters of rows a page ends, whatever its limit
 */
@ConfigurationProperties("syncline.provider.changes")
record ChangeProperties(
        @DefaultValue("150ms") Duration poll,
        @DefaultValue("2000") int batch,
        @DefaultValue("7d") Duration keep,
        @DefaultValue("30d") Duration keepUnread,
        @DefaultValue("1m") Duration sweepInterval,
        @DefaultValue("1000") int sweepBatch,
        @DefaultValue("10s") Duration hold,
        @DefaultValue("15s") Duration meterRefresh,
        @DefaultValue("60s") Duration maxWait,
        @DefaultValue("1000") int maxWaiting,
        @DefaultValue("150ms") Duration waitPoll,
        @DefaultValue("4000000") long maxPageChars) {

    ChangeProperties {
        for (var time : List.of(poll, waitPoll, sweepInterval, hold, meterRefresh, keep, keepUnread)) {
            if (time.toMillis() < 1) {
                throw new IllegalArgumentException("the times under syncline.provider.changes are 1 ms or more");
            }
        }
        keepUnread = keepUnread.compareTo(keep) < 0 ? keep : keepUnread;
        if (batch < 1 || sweepBatch < 1 || maxWaiting < 0 || maxPageChars < 1) {
            throw new IllegalArgumentException("the bounds under syncline.provider.changes are all above zero");
        }
    }
}
