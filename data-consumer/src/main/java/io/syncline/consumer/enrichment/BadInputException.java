package io.syncline.consumer.enrichment;

import io.syncline.contracts.FileReport;
import java.util.List;

/** The files of the call cannot be enriched as they are. */
class BadInputException extends Exception {

    private final boolean retryable;
    private final transient List<FileReport> files;

    BadInputException(String message, boolean retryable, List<FileReport> files) {
        super(message);
        this.retryable = retryable;
        this.files = files;
    }

    /** Whether another attempt may find them better. */
    boolean retryable() {
        return retryable;
    }

    /** Those that are at fault, with both numbers where there are numbers. */
    List<FileReport> files() {
        return files;
    }
}
