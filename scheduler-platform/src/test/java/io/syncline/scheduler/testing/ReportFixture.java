package io.syncline.scheduler.testing;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A status report: {@code completed().id("c1").attempt(2).rows(10, 10)}. */
public final class ReportFixture {

    private final ReportStatus status;
    private @Nullable String callbackId;
    private @Nullable Integer attempt;
    private @Nullable Long sequence;
    private @Nullable String message;
    private @Nullable Boolean retryable;
    private StatusReport.@Nullable Progress progress;
    private @Nullable List<FileReport> files;
    private @Nullable Reconciliation reconciliation;
    private @Nullable Map<String, @Nullable Object> result;

    private ReportFixture(ReportStatus status) {
        this.status = status;
    }

    public static ReportFixture running() {
        return new ReportFixture(ReportStatus.RUNNING);
    }

    public static ReportFixture completed() {
        return new ReportFixture(ReportStatus.COMPLETED);
    }

    public static ReportFixture failed() {
        return new ReportFixture(ReportStatus.FAILED);
    }

    public ReportFixture id(String id) {
        callbackId = id;
        return this;
    }

    public boolean hasId() {
        return callbackId != null;
    }

    public ReportFixture attempt(int number) {
        attempt = number;
        return this;
    }

    public boolean hasAttempt() {
        return attempt != null;
    }

    public ReportFixture sequence(long number) {
        sequence = number;
        return this;
    }

    public ReportFixture message(String text) {
        message = text;
        return this;
    }

    public ReportFixture retryable(boolean again) {
        retryable = again;
        return this;
    }

    public ReportFixture progress(long done, long total) {
        progress = new StatusReport.Progress(done, total, "rows");
        return this;
    }

    public ReportFixture rows(long expected, long actual) {
        return reconciled(expected, actual, 0, 0, 0);
    }

    public ReportFixture reconciled(long expected, long actual, long missing, long unexpected, long different) {
        reconciliation = new Reconciliation(expected, actual, missing, unexpected, different);
        return this;
    }

    public ReportFixture reconciliation(Reconciliation stated) {
        reconciliation = stated;
        return this;
    }

    public ReportFixture file(String name, FileReport.Status fileStatus) {
        if (files == null) {
            files = new ArrayList<>();
        }
        files.add(new FileReport(name, fileStatus, null, null, null, null, null));
        return this;
    }

    public ReportFixture result(Map<String, @Nullable Object> members) {
        result = members;
        return this;
    }

    public StatusReport build() {
        return new StatusReport(
                callbackId,
                attempt,
                sequence,
                status,
                message,
                retryable,
                progress,
                files,
                reconciliation,
                result,
                null);
    }
}
