package io.syncline.consumer.users;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is asked of the view, and how it is rebuilt.
 *
 * @param freshness from a change's commit at the provider to where it can be read: of 100 changes 95 take no longer
 * @param freshnessMost no change takes longer, and the view is never older
 * @param checkOver what a check looks back on
 * @param measureEvery between two notes of how long changes took, for the checks of all instances
 * @param rebuildWhenGone whether a rebuild begins by itself when the provider does not keep the next changes any more
 * @param rebuildPoll between two looks for a rebuild to work on
 * @param rebuildLease how long another instance waits for one that is not heard of before it goes on with its rebuild;
 *     longer than the download of one file
 * @param rebuildTries in a row, before a rebuild is given up
 * @param retiredAfter from the swap: when the earlier generation begins to be deleted
 * @param batchRows rows filled or deleted in one transaction; 1 to 5,000
 */
@ConfigurationProperties("syncline.consumer.view")
record ViewProperties(
        @DefaultValue("PT1S") Duration freshness,
        @DefaultValue("PT10S") Duration freshnessMost,
        @DefaultValue("PT5M") Duration checkOver,
        @DefaultValue("PT5S") Duration measureEvery,
        @DefaultValue("true") boolean rebuildWhenGone,
        @DefaultValue("PT1S") Duration rebuildPoll,
        @DefaultValue("PT1M") Duration rebuildLease,
        @DefaultValue("10") int rebuildTries,
        @DefaultValue("PT1M") Duration retiredAfter,
        @DefaultValue("500") int batchRows) {

    ViewProperties {
        if (batchRows < 1 || batchRows > 5000) {
            throw new IllegalArgumentException("syncline.consumer.view.batch-rows is 1 to 5000: " + batchRows);
        }
        if (freshness.compareTo(freshnessMost) > 0) {
            throw new IllegalArgumentException(
                    "syncline.consumer.view.freshness is at most freshness-most, " + freshnessMost + ": " + freshness);
        }
    }
}
