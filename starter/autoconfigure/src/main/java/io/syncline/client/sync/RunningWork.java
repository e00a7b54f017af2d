package io.syncline.client.sync;

import io.syncline.client.SyncWork;
import io.syncline.client.WorkTakenOverException;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.contracts.SyncRequest;
import io.syncline.tracing.TraceContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The work in its handler's hands. */
final class RunningWork implements SyncWork {

    private final StoredWork stored;
    private final Map<String, String> pathVariables;
    private final Works works;
    private final long progressIntervalNanos;
    private volatile List<FileReport> files = List.of();
    private volatile boolean lost;
    private @Nullable Long reportedAt;

    RunningWork(StoredWork stored, Map<String, String> pathVariables, Works works, long progressIntervalNanos) {
        this.stored = stored;
        this.pathVariables = Map.copyOf(pathVariables);
        this.works = works;
        this.progressIntervalNanos = progressIntervalNanos;
    }

    @Override
    public SyncRequest request() {
        return stored.request();
    }

    @Override
    public String idempotencyKey() {
        return stored.key();
    }

    @Override
    public Map<String, String> pathVariables() {
        return pathVariables;
    }

    @Override
    public @Nullable String traceparent() {
        return TraceContext.headers(stored.trace()).get("traceparent");
    }

    @Override
    public @Nullable String tracestate() {
        return TraceContext.headers(stored.trace()).get("tracestate");
    }

    @Override
    public synchronized void progress(long done, long total, String unit) {
        requireMine();
        var last = reportedAt;
        if (last != null && System.nanoTime() - last < progressIntervalNanos) {
            return;
        }
        var progress = new StatusReport.Progress(done, total, unit);
        var report = new StatusReport(
                null, null, null, ReportStatus.RUNNING, null, null, progress, filesOrNull(), null, null, null);
        if (!works.report(stored, report)) {
            lost = true;
            requireMine();
        }
        reportedAt = System.nanoTime();
    }

    @Override
    public void files(List<FileReport> files) {
        requireMine();
        this.files = List.copyOf(files);
    }

    StoredWork stored() {
        return stored;
    }

    List<FileReport> files() {
        return files;
    }

    /** From now on the handler is told to stop. */
    void lose() {
        lost = true;
    }

    private @Nullable List<FileReport> filesOrNull() {
        return files.isEmpty() ? null : files;
    }

    private void requireMine() {
        if (lost) {
            throw new WorkTakenOverException(stored.key());
        }
    }
}
