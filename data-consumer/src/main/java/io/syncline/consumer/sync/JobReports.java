package io.syncline.consumer.sync;

import io.syncline.client.Reports;
import io.syncline.client.UnknownWorkException;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the platform how a job stands, in the transaction that brought it there. */
class JobReports {

    private static final Logger LOG = LoggerFactory.getLogger(JobReports.class);

    /** A report stays well below the 1 MiB that the platform takes. */
    private static final int MAX_FILES = 1000;

    private final Reports reports;

    // Keys whose call is no longer known; a handful at most, since calls are kept longer than jobs run.
    private final Set<String> unreported = ConcurrentHashMap.newKeySet();

    JobReports(Reports reports) {
        this.reports = reports;
    }

    void progress(SyncJob job, List<SyncFile> files, Instant now) {
        long merged = count(files, FileState.MERGED);
        var message = job.state() == JobState.STAGING
                ? "%d of %d files checked".formatted(count(files, FileState.STAGED), files.size())
                : "%d of %d files merged".formatted(merged, files.size());
        send(
                job,
                ReportStatus.RUNNING,
                message,
                null,
                new StatusReport.Progress(merged, (long) files.size(), "files"),
                fileReports(files, false),
                null,
                Map.of(),
                now);
    }

    void completed(
            SyncJob job,
            List<SyncFile> files,
            @Nullable Reconciliation reconciliation,
            Map<String, @Nullable Object> more,
            Instant now) {
        var result = result(job, files);
        result.putAll(more);
        send(
                job,
                ReportStatus.COMPLETED,
                null,
                null,
                new StatusReport.Progress((long) files.size(), (long) files.size(), "files"),
                fileReports(files, false),
                reconciliation,
                result,
                now);
    }

    void failed(SyncJob job, List<SyncFile> files, String message, boolean retryable, Instant now) {
        send(
                job,
                ReportStatus.FAILED,
                message,
                retryable,
                null,
                fileReports(files, true),
                null,
                result(job, files),
                now);
    }

    private static Map<String, @Nullable Object> result(SyncJob job, List<SyncFile> files) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        if (job.asOf() != null) {
            result.put("asOf", job.asOf().toString());
        }
        if (job.extractId() != null) {
            result.put("extractId", job.extractId());
        }
        result.put("inserted", files.stream().mapToLong(SyncFile::inserted).sum());
        result.put("updated", files.stream().mapToLong(SyncFile::updated).sum());
        result.put("deleted", job.deletedRows());
        result.put("unchanged", files.stream().mapToLong(SyncFile::unchanged).sum());
        return result;
    }

    private static long count(List<SyncFile> files, FileState state) {
        return files.stream().filter(file -> file.state() == state).count();
    }

    /** The failed ones first, in case there are more than a report may carry. */
    private static List<FileReport> fileReports(List<SyncFile> files, boolean jobFailed) {
        return files.stream()
                .sorted((a, b) -> Boolean.compare(b.state() == FileState.FAILED, a.state() == FileState.FAILED))
                .limit(MAX_FILES)
                .map(file -> fileReport(file, jobFailed))
                .toList();
    }

    private static FileReport fileReport(SyncFile file, boolean jobFailed) {
        var status = switch (file.state()) {
            case MERGED -> FileReport.Status.COMPLETED;
            case FAILED -> FileReport.Status.FAILED;
            case SKIPPED -> FileReport.Status.SKIPPED;
            case PENDING, STAGING, STAGED, MERGING -> jobFailed ? FileReport.Status.FAILED : FileReport.Status.RUNNING;
        };
        var leftOut = jobFailed && status == FileReport.Status.FAILED && file.state() != FileState.FAILED;
        return new FileReport(
                file.name(),
                status,
                file.expected().rows(),
                file.actualRows(),
                "sha-256=" + file.expected().sha256(),
                file.actualSha256() == null ? null : "sha-256=" + file.actualSha256(),
                leftOut ? "good, but not merged: the job failed before it" : file.error());
    }

    private void send(
            SyncJob job,
            ReportStatus status,
            @Nullable String message,
            @Nullable Boolean retryable,
            StatusReport.@Nullable Progress progress,
            List<FileReport> files,
            @Nullable Reconciliation reconciliation,
            Map<String, @Nullable Object> result,
            Instant now) {
        if (unreported.contains(job.idempotencyKey())) {
            return;
        }
        try {
            reports.report(
                    job.idempotencyKey(),
                    new StatusReport(
                            null,
                            null,
                            null,
                            status,
                            message,
                            retryable,
                            progress,
                            files,
                            reconciliation,
                            result.isEmpty() ? null : result,
                            now));
        } catch (UnknownWorkException e) {
            // The transaction is lost with it; the next try goes without a report, and the job ends all the same.
            unreported.add(job.idempotencyKey());
            LOG.warn("job {} goes on without reports: {}", job.jobId(), e.getMessage());
            throw e;
        }
    }
}
