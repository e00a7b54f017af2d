package io.syncline.client;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the handler's part of the work ended. */
public sealed interface SyncResult {

    /** The work is done. */
    record Completed(
            @Nullable Reconciliation reconciliation, List<FileReport> files, Map<String, @Nullable Object> result)
            implements SyncResult {}

    /**
     * The work failed; a handler that throws says the same, retryable.
     *
     * @param retryable whether another attempt may help
     */
    record Failed(
            String message,
            boolean retryable,
            @Nullable Reconciliation reconciliation,
            List<FileReport> files,
            Map<String, @Nullable Object> result)
            implements SyncResult {}

    /** The work goes on elsewhere and is reported through {@link Reports}; the platform sees it RUNNING until then. */
    record Continues() implements SyncResult {}

    static SyncResult completed() {
        return new Completed(null, List.of(), Map.of());
    }

    static SyncResult completed(Reconciliation reconciliation) {
        return new Completed(reconciliation, List.of(), Map.of());
    }

    static SyncResult completed(
            @Nullable Reconciliation reconciliation, List<FileReport> files, Map<String, @Nullable Object> result) {
        return new Completed(reconciliation, files, result);
    }

    static SyncResult failed(String message, boolean retryable) {
        return new Failed(message, retryable, null, List.of(), Map.of());
    }

    static SyncResult failed(
            String message,
            boolean retryable,
            @Nullable Reconciliation reconciliation,
            List<FileReport> files,
            Map<String, @Nullable Object> result) {
        return new Failed(message, retryable, reconciliation, files, result);
    }

    static SyncResult continues() {
        return new Continues();
    }
}
