package io.syncline.provider.extract;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How extracts are made and kept.
 *
 * @param rowsPerFile data rows of a file, where the request does not say
 * @param maxRowsPerFile most rows that a request may ask for
 * @param workers extracts cut at the same moment on this instance
 * @param maxOpen extracts that may wait or be in work; more are answered 503
 * @param keep from the request to the deletion of the files; sharing an extract starts it again
 * @param sweepInterval between two deletions of what is no longer kept
 * @param lease from a worker's last sign of life until another takes the extract over
 * @param maxTries how often an extract is begun before it is FAILED
 * @param maxWait longest {@code ?wait=}
 * @param maxWaiting requests that may wait at the same moment; more are answered 503
 * @param fetchRows rows fetched from the database at a time
 */
@ConfigurationProperties("syncline.provider.extracts")
record ExtractProperties(
        @DefaultValue("10000") int rowsPerFile,
        @DefaultValue("1000000") int maxRowsPerFile,
        @DefaultValue("2") int workers,
        @DefaultValue("100") int maxOpen,
        @DefaultValue("24h") Duration keep,
        @DefaultValue("1m") Duration sweepInterval,
        @DefaultValue("12s") Duration lease,
        @DefaultValue("5") int maxTries,
        @DefaultValue("60s") Duration maxWait,
        @DefaultValue("50") int maxWaiting,
        @DefaultValue("1000") int fetchRows) {

    ExtractProperties {
        if (rowsPerFile < 1 || maxRowsPerFile < rowsPerFile || workers < 1 || maxOpen < 1 || maxTries < 1) {
            throw new IllegalArgumentException("the bounds under syncline.provider.extracts are all above zero, "
                    + "and max-rows-per-file is not below rows-per-file");
        }
        if (lease.compareTo(Duration.ofSeconds(1)) < 0 || keep.compareTo(lease) < 0) {
            throw new IllegalArgumentException("syncline.provider.extracts.lease is 1 s or more, and keep is longer");
        }
    }
}
