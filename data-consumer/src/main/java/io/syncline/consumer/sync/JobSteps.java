package io.syncline.consumer.sync;

import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.ProviderException;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.Transactions;
import io.syncline.contracts.ExtractManifest;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.Reconciliation;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The steps of a job that one instance does for all: order the extract, open the merge when every file is good, delete
 * what the extract no longer has, reconcile, end, tidy up.
 */
class JobSteps {

    private static final Logger LOG = LoggerFactory.getLogger(JobSteps.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
    private static final Pattern COLUMN = Pattern.compile("[a-z][a-z0-9_]{0,127}");
    private static final Duration ASK_AGAIN = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(15);
    private static final int MAX_FILES = 10_000;
    private static final int MAX_TRIES = 10;

    private final Transactions transactions;
    private final JdbcSyncJobs jobs;
    private final JdbcSyncFiles files;
    private final JdbcDatasetStates states;
    private final JdbcReconciliations reconciliations;
    private final JdbcLeases leases;
    private final Targets targets;
    private final Reconciler reconciler;
    private final ProviderClient provider;
    private final Spool spool;
    private final JobReports reports;
    private final Datasets datasets;
    private final Duration extractWithin;
    private final Duration reconcileAfter;

    JobSteps(
            Transactions transactions,
            JdbcSyncJobs jobs,
            JdbcSyncFiles files,
            JdbcDatasetStates states,
            JdbcReconciliations reconciliations,
            JdbcLeases leases,
            Targets targets,
            Reconciler reconciler,
            ProviderClient provider,
            Spool spool,
            JobReports reports,
            Datasets datasets,
            Duration extractWithin,
            Duration reconcileAfter) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.files = files;
        this.states = states;
        this.reconciliations = reconciliations;
        this.leases = leases;
        this.targets = targets;
        this.reconciler = reconciler;
        this.provider = provider;
        this.spool = spool;
        this.reports = reports;
        this.datasets = datasets;
        this.extractWithin = extractWithin;
        this.reconcileAfter = reconcileAfter;
    }

    Optional<SyncJob> claim() {
        return transactions.call(jobs::claim);
    }

    /** Does the job's next step. Whatever goes wrong ends in the job's row; a lost lease ends in nothing. */
    void work(SyncJob job) {
        leases.hold(job);
        try {
            switch (job.state()) {
                case REQUESTED -> order(job);
                case STAGING -> openMerge(job);
                case MERGING -> deleteAbsent(job);
                case RECONCILING -> reconcile(job);
                case COMPLETED, FAILED -> tidyUp(job);
            }
        } catch (LeaseLostException e) {
            LOG.info("{}; another instance goes on with it", e.getMessage());
        } catch (BadExtractException e) {
            fail(job, String.valueOf(e.getMessage()), false);
        } catch (ProviderException e) {
            tryAgain(job, String.valueOf(e.getMessage()), e.retryable(), e);
        } catch (DataAccessException e) {
            tryAgain(job, "the database did not take the job's next step", true, e);
        } catch (RuntimeException e) {
            tryAgain(job, "the job's next step failed", true, e);
        } finally {
            leases.letGo(job);
        }
    }

    private void order(SyncJob job) {
        var dataset = datasets.get(job.dataset());
        var extractId = job.extractId();
        if (extractId == null) {
            // The key of the job makes it the same extract whoever asks, and however often.
            var ordered = provider.order(dataset.sourceName(), "extract-" + job.idempotencyKey());
            transactions.run(now -> {
                jobs.guard(job);
                jobs.nameExtract(job, ordered);
            });
            extractId = ordered;
        }
        var manifest = provider.manifest(dataset.sourceName(), extractId)
                .orElseThrow(() -> new ProviderException("the provider no longer has the extract", true, null));
        switch (manifest.state()) {
            case PREPARING -> waitForExtract(job);
            case FAILED -> fail(job, "the provider's extract failed: " + manifest.error(), true);
            case READY -> plan(job, dataset, manifest);
        }
    }

    private void waitForExtract(SyncJob job) {
        transactions.run(now -> {
            jobs.guard(job);
            if (now.isAfter(job.createdAt().plus(extractWithin))) {
                end(job, "the provider's extract is not ready after " + extractWithin, true, now);
            } else {
                jobs.postpone(job, now.plus(ASK_AGAIN), 0);
            }
        });
    }

    private void plan(SyncJob job, Dataset dataset, ExtractManifest manifest) {
        var columns = columns(dataset, manifest);
        targets.of(dataset, columns).checkColumns();
        checkFiles(manifest);
        long rows = manifest.files().stream().mapToLong(ExtractFile::rows).sum();
        if (manifest.rows() != null && manifest.rows() != rows) {
            throw new BadExtractException(
                    "the manifest says %d rows in all, and %d in its files together".formatted(manifest.rows(), rows));
        }
        var asOf = manifest.asOf().truncatedTo(ChronoUnit.MICROS);
        transactions.run(now -> {
            jobs.guard(job);
            jobs.plan(job, asOf, columns, rows, manifest.files().size());
            files.insert(job.jobId(), manifest.files(), now);
            var held = states.find(job.dataset());
            if (held.isPresent() && held.get().isLaterThan(asOf)) {
                skip(job, held.get().heldRows(), now);
            } else {
                jobs.move(job, JobState.STAGING, now, now);
                reports.progress(jobs.get(job.jobId()), files.ofJob(job.jobId()), now);
            }
        });
        LOG.info(
                "job {} has extract {} of {}: {} files, {} rows",
                job.jobId(),
                manifest.extractId(),
                job.dataset(),
                manifest.files().size(),
                rows);
    }

    private static List<String> columns(Dataset dataset, ExtractManifest manifest) {
        var columns = ColumnNames.of(manifest.columns());
        for (var column : columns) {
            if (!COLUMN.matcher(column).matches()) {
                throw new BadExtractException("no column can be made of the name " + column);
            }
        }
        if (manifest.key().isEmpty()) {
            throw new BadExtractException("the extract has no key, and table " + dataset.table()
                    + " is kept in step by its key " + dataset.keyColumn());
        }
        if (!ColumnNames.of(manifest.key()).equals(List.of(dataset.keyColumn()))
                || !columns.contains(dataset.keyColumn())) {
            throw new BadExtractException(
                    "the extract's key is %s, the table's is %s".formatted(manifest.key(), dataset.keyColumn()));
        }
        return columns;
    }

    private static void checkFiles(ExtractManifest manifest) {
        if (manifest.files().size() > MAX_FILES) {
            throw new BadExtractException("an extract has at most %d files, this one %d"
                    .formatted(MAX_FILES, manifest.files().size()));
        }
        var names = new HashSet<String>();
        for (var file : manifest.files()) {
            if (!FILE_NAME.matcher(file.name()).matches() || !names.add(file.name())) {
                throw new BadExtractException(
                        "the manifest has a file name twice, or one that is none: " + file.name());
            }
            if (!SHA256.matcher(file.sha256()).matches() || file.rows() < 0 || file.bytes() < 0) {
                throw new BadExtractException("the manifest has no true rows, bytes and sha-256 for " + file.name());
            }
        }
    }

    /** All files are checked: either one is bad and nothing was ever visible, or the job takes the target for itself. */
    private void openMerge(SyncJob job) {
        transactions.run(now -> {
            jobs.guard(job);
            if (endIfAFileFailed(job, now)) {
                return;
            }
            var state = states.lock(job.dataset());
            if (isHeldByAnother(state.holderJob(), job)) {
                jobs.postpone(job, now.plus(LOOK_AGAIN), 0);
            } else if (state.isLaterThan(job.knownAsOf())) {
                skip(job, state.heldRows(), now);
            } else {
                var dataset = datasets.get(job.dataset());
                var target = targets.of(dataset, job.columns());
                if (job.expectedRows() == 0 && !dataset.mayEmpty() && target.count() > 0) {
                    end(
                            job,
                            "the extract has no rows and table %s has; it is emptied only with may-empty: true"
                                    .formatted(dataset.table()),
                            false,
                            now);
                    return;
                }
                target.staged();
                states.take(job.dataset(), job, now);
                files.openMerge(job.jobId(), now);
                jobs.move(job, JobState.MERGING, now, now);
            }
        });
    }

    private boolean isHeldByAnother(@Nullable String holderJob, SyncJob job) {
        return holderJob != null
                && !holderJob.equals(job.jobId())
                && !jobs.get(holderJob).state().hasEnded();
    }

    private void deleteAbsent(SyncJob job) {
        var target = targets.of(datasets.get(job.dataset()), job.columns());
        transactions.run(now -> {
            jobs.guard(job);
            if (endIfAFileFailed(job, now)) {
                return;
            }
            // Every row of the extract is in the target by now, so as many rows as the extract has are its own.
            jobs.deleted(job, target.count() == job.expectedRows() ? 0 : target.deleteAbsent(job.jobId()));
            jobs.move(job, JobState.RECONCILING, now.plus(reconcileAfter), now);
            reports.progress(jobs.get(job.jobId()), files.ofJob(job.jobId()), now);
        });
    }

    private void reconcile(SyncJob job) {
        var comparison = reconciler.compare(job);
        transactions.run(now -> {
            jobs.guard(job);
            jobs.end(job, JobState.COMPLETED, null, now);
            states.release(job, now);
            Map<String, @Nullable Object> more = new LinkedHashMap<>();
            more.put("mergedBy", files.mergedBy(job.jobId()));
            if (!comparison.reconciliation().isBalanced(0)) {
                more.put("differences", comparison.sampleKeys());
            }
            reports.completed(jobs.get(job.jobId()), files.ofJob(job.jobId()), comparison.reconciliation(), more, now);
        });
        LOG.info("job {} ended: {}", job.jobId(), comparison.reconciliation());
    }

    /**
     * The target holds a later extract: nothing is written. What is reconciled is that the later extract's rows are
     * still there, by number.
     */
    private void skip(SyncJob job, long heldRows, Instant now) {
        long actualRows = targets.of(datasets.get(job.dataset()), List.of()).count();
        files.skipAll(job.jobId());
        jobs.end(job, JobState.COMPLETED, null, now);
        reports.completed(
                jobs.get(job.jobId()),
                files.ofJob(job.jobId()),
                new Reconciliation(heldRows, actualRows, null, null, null),
                Map.of("skipped", "OLDER_AS_OF"),
                now);
        LOG.info("job {} is skipped: the target of {} holds a later extract", job.jobId(), job.dataset());
    }

    private boolean endIfAFileFailed(SyncJob job, Instant now) {
        var failed = files.ofJob(job.jobId()).stream()
                .filter(file -> file.state() == FileState.FAILED)
                .toList();
        if (failed.isEmpty()) {
            return false;
        }
        var first = failed.get(0);
        end(
                job,
                "%d of the files failed; %s: %s".formatted(failed.size(), first.name(), first.error()),
                failed.stream().allMatch(SyncFile::retryable),
                now);
        return true;
    }

    private void tidyUp(SyncJob job) {
        var sha256s = files.ofJob(job.jobId()).stream()
                .map(file -> file.expected().sha256())
                .toList();
        transactions.run(now -> {
            jobs.guard(job);
            datasets.find(job.dataset())
                    .ifPresent(dataset -> targets.of(dataset, List.of()).clearStage(job.jobId()));
            reconciliations.clear(job.jobId());
            jobs.cleaned(job);
        });
        if (job.state() == JobState.COMPLETED) {
            sha256s.forEach(spool::drop);
        }
    }

    private void tryAgain(SyncJob job, String message, boolean retryable, RuntimeException cause) {
        LOG.warn("job {} ({}) after {} tries: {}", job.jobId(), job.state(), job.tries() + 1, message, cause);
        guarded(job, now -> {
            var patience = job.state() == JobState.REQUESTED
                    ? now.isBefore(job.createdAt().plus(extractWithin))
                    : job.state().hasEnded() || job.tries() + 1 < MAX_TRIES;
            if (retryable && patience) {
                var backoff = ASK_AGAIN.multipliedBy(1L << Math.min(job.tries(), 10));
                jobs.postpone(
                        job, now.plus(backoff.compareTo(MAX_BACKOFF) < 0 ? backoff : MAX_BACKOFF), job.tries() + 1);
            } else {
                end(job, message, retryable, now);
            }
        });
    }

    private void fail(SyncJob job, String message, boolean retryable) {
        guarded(job, now -> end(job, message, retryable, now));
    }

    private void end(SyncJob job, String message, boolean retryable, Instant now) {
        jobs.end(job, JobState.FAILED, message, now);
        states.release(job, now);
        reports.failed(jobs.get(job.jobId()), files.ofJob(job.jobId()), message, retryable, now);
        LOG.warn("job {} failed: {}", job.jobId(), message);
    }

    private interface Write {
        void at(Instant now);
    }

    private void guarded(SyncJob job, Write write) {
        try {
            transactions.run(now -> {
                jobs.guard(job);
                write.at(now);
            });
        } catch (LeaseLostException e) {
            LOG.info("{}; another instance goes on with it", e.getMessage());
        }
    }
}
