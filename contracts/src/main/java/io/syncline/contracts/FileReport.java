package io.syncline.contracts;

import org.jspecify.annotations.Nullable;

/**
 * What became of one file of the work.
 *
 * @param expectedChecksum as the manifest says, {@code sha-256=<hex>}
 * @param actualChecksum as the reader computed it, {@code sha-256=<hex>}
 */
public record FileReport(
        String name,
        Status status,
        @Nullable Long expectedRows,
        @Nullable Long actualRows,
        @Nullable String expectedChecksum,
        @Nullable String actualChecksum,
        @Nullable String error) {

    /** SKIPPED means that the file needed no work, not that it was left out. */
    public enum Status {
        RUNNING,
        COMPLETED,
        FAILED,
        SKIPPED
    }
}
