package io.syncline.scheduler.run;

import io.syncline.contracts.StatusReport;

/** A callback to be judged; the report's {@code callbackId} and {@code attempt} are present. */
public record IncomingReport(String taskRunId, StatusReport report) {

    public String callbackId() {
        return java.util.Objects.requireNonNull(report.callbackId());
    }

    public int attempt() {
        return java.util.Objects.requireNonNull(report.attempt());
    }
}
