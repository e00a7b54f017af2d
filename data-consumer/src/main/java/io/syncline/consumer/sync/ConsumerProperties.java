package io.syncline.consumer.sync;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this instance syncs.
 *
 * @param providerUrl base URL of the data provider
 * @param instanceId names this process in leases and merge commits; a random one when absent
 * @param workers file workers of this instance; as many job workers stand beside them
 * @param lease how long a claimed file or job is held without renewal, in database time
 * @param renewEvery between two renewals of all leases held; well below {@code lease}
 * @param poll between two looks for work when nothing woke the workers
 * @param shareGrace from the moment files become claimable: how long an instance leaves the others their equal part
 * @param reconcileAfter pause between the end of the merge and the reconciliation
 * @param extractWithin from the start of the job: how long to wait for the extract before the job fails
 * @param readTimeout for each read of an answer of the provider
 * @param fileTries how often a file is tried when the network or the database fails
 * @param spoolDir where downloads are kept until their job has ended; may be shared by instances of one machine
 * @param spoolKeep after the last use: how long a download of a failed job is kept for the next attempt
 * @param sampleKeys differing keys named per kind in the result; at most 100
 */
@ConfigurationProperties("syncline.consumer")
public record ConsumerProperties(
        @DefaultValue("http://127.0.0.1:8081") URI providerUrl,
        @Nullable String instanceId,
        @DefaultValue("2") int workers,
        @DefaultValue("PT12S") Duration lease,
        @DefaultValue("PT3S") Duration renewEvery,
        @DefaultValue("PT0.25S") Duration poll,
        @DefaultValue("PT5S") Duration shareGrace,
        @DefaultValue("PT0S") Duration reconcileAfter,
        @DefaultValue("PT10M") Duration extractWithin,
        @DefaultValue("PT30S") Duration readTimeout,
        @DefaultValue("5") int fileTries,
        @DefaultValue(".syncline/spool") Path spoolDir,
        @DefaultValue("PT24H") Duration spoolKeep,
        @DefaultValue("100") int sampleKeys,
        @DefaultValue List<Dataset> datasets) {

    public ConsumerProperties {
        if (workers < 1 || workers > 64) {
            throw new IllegalArgumentException("syncline.consumer.workers is 1 to 64: " + workers);
        }
        if (renewEvery.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "syncline.consumer.renew-every is at most half of the lease of " + lease + ": " + renewEvery);
        }
        if (sampleKeys < 0 || sampleKeys > 100) {
            throw new IllegalArgumentException("syncline.consumer.sample-keys is 0 to 100: " + sampleKeys);
        }
    }
}
