package io.syncline.contracts;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A status report, downstream to platform: the body of a callback, and of a 200 answer to a sync call (there
 * {@code callbackId}, {@code attempt} and {@code sequence} are optional).
 *
 * @param callbackId identifies a callback within its task run; sending the same one again is safe
 * @param attempt the attempt that the report speaks of
 * @param sequence orders RUNNING reports within an attempt; absent means "not out of order"
 * @param retryable of a FAILED report: whether another attempt may be made; absent means true
 */
public record StatusReport(
        @Nullable String callbackId,
        @Nullable Integer attempt,
        @Nullable Long sequence,
        ReportStatus status,
        @Nullable String message,
        @Nullable Boolean retryable,
        @Nullable Progress progress,
        @Nullable List<FileReport> files,
        @Nullable Reconciliation reconciliation,
        @Nullable Map<String, @Nullable Object> result,
        @Nullable Instant occurredAt) {

    /** How far the work is; {@code done} and {@code total} count {@code unit}s. */
    public record Progress(
            @Nullable Long done,
            @Nullable Long total,
            @Nullable String unit) {}
}
