package io.syncline.consumer.sync;

import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.ProviderException;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.provider.Spool.Received;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.sync.JdbcSyncFiles.Merged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;

/**
 * The two steps of a file: it is downloaded, checked and staged; and, when all files of its job are, merged. The first
 * is invisible to readers of the target, the second is one transaction together with the file's own row.
 */
class FileSteps {

    private static final Logger LOG = LoggerFactory.getLogger(FileSteps.class);
    private static final int BATCH_ROWS = 5000;
    private static final int BATCH_CHARACTERS = 1_000_000; // so that wide rows do not need more memory than narrow ones
    private static final int KEYS_AT_ONCE = 1000; // Oracle takes so many members of an IN list
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration REPORT_EVERY = Duration.ofSeconds(1);

    private final Transactions transactions;
    private final JdbcSyncJobs jobs;
    private final JdbcSyncFiles files;
    private final JdbcLeases leases;
    private final Targets targets;
    private final ProviderClient provider;
    private final Spool spool;
    private final JobReports reports;
    private final Datasets datasets;
    private final int fileTries;

    FileSteps(
            Transactions transactions,
            JdbcSyncJobs jobs,
            JdbcSyncFiles files,
            JdbcLeases leases,
            Targets targets,
            ProviderClient provider,
            Spool spool,
            JobReports reports,
            Datasets datasets,
            int fileTries) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.files = files;
        this.leases = leases;
        this.targets = targets;
        this.provider = provider;
        this.spool = spool;
        this.reports = reports;
        this.datasets = datasets;
        this.fileTries = fileTries;
    }

    Optional<SyncFile> claim() {
        return transactions.call(now -> files.claim(() -> leases.liveInstances(now), now));
    }

    /** Does the step that the file is in. Whatever goes wrong ends in the file's row; a lost lease ends in nothing. */
    void work(SyncFile file) {
        leases.hold(file);
        try {
            if (file.state() == FileState.STAGING) {
                stage(file);
            } else {
                merge(file);
            }
        } catch (LeaseLostException e) {
            LOG.info("{}; another instance goes on with it", e.getMessage());
        } catch (BadFile e) {
            fail(file, e.actualRows, e.actualSha256, e.getMessage(), false);
        } catch (BadExtractException e) {
            fail(file, null, null, e.getMessage(), false);
        } catch (ProviderException e) {
            tryAgain(file, e.getMessage(), e.retryable(), e);
        } catch (DataIntegrityViolationException e) {
            // What a column cannot hold, it can never hold. The database's own words quote the row, so they stay out.
            fail(file, null, file.expected().sha256(), "the database refuses a row: too long, or not text", false);
        } catch (DataAccessException e) {
            tryAgain(file, "the database did not take the rows", true, e);
        } catch (UncheckedIOException e) {
            tryAgain(file, "the spool cannot be read or written", true, e);
        } catch (RuntimeException e) {
            tryAgain(file, "the step failed", true, e);
        } finally {
            leases.letGo(file);
        }
        reportProgress(file.jobId());
    }

    private void stage(SyncFile file) {
        var job = jobs.get(file.jobId());
        var dataset = datasets.get(job.dataset());
        var target = targets.of(dataset, job.columns());
        var received = spool.fetch(provider, dataset.sourceName(), job.knownExtractId(), file.expected());
        if (!received.is(file.expected())) {
            refuse(file, dataset, received);
        }
        transactions.run(now -> {
            files.guard(file);
            target.clearStage(file.jobId(), file.fileNo());
        });
        long rows = stageRows(file, job, dataset, target, received);
        if (rows != file.expected().rows()) {
            throw new BadFile(
                    "the manifest says %d rows, the file has %d"
                            .formatted(file.expected().rows(), rows),
                    rows,
                    received.sha256());
        }
        transactions.run(now -> {
            files.guard(file);
            files.staged(file, rows, received.sha256());
        });
        LOG.info("job {} staged {} ({} rows)", file.jobId(), file.name(), rows);
    }

    private long stageRows(SyncFile file, SyncJob job, Dataset dataset, JdbcTarget target, Received received) {
        try (var csv = CsvRows.open(received.path(), dataset.form())) {
            if (!csv.columns().equals(job.columns())) {
                throw new BadFile(
                        "the header says " + csv.columns() + ", the manifest " + job.columns(),
                        null,
                        received.sha256());
            }
            var batch = new ArrayList<@Nullable String[]>(BATCH_ROWS);
            int characters = 0;
            for (var row = csv.next(); row != null; row = csv.next()) {
                if (row[target.keyIndex()] == null) {
                    throw new BadFile("row " + csv.rows() + " has no key", null, received.sha256());
                }
                batch.add(row);
                characters += characters(row);
                if (batch.size() == BATCH_ROWS || characters >= BATCH_CHARACTERS) {
                    stageBatch(file, target, batch, received);
                    batch.clear();
                    characters = 0;
                }
            }
            if (!batch.isEmpty()) {
                stageBatch(file, target, batch, received);
            }
            return csv.rows();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + received.path(), e);
        }
    }

    private static int characters(@Nullable String[] row) {
        int characters = 0;
        for (var field : row) {
            characters += field == null ? 0 : field.length();
        }
        return characters;
    }

    private void stageBatch(SyncFile file, JdbcTarget target, List<@Nullable String[]> batch, Received received) {
        try {
            transactions.run(now -> {
                files.guard(file);
                target.stage(file.jobId(), file.fileNo(), batch);
            });
        } catch (DuplicateKeyException e) {
            throw new BadFile(
                    "keys are in the extract more than once: " + duplicates(file, target, batch),
                    null,
                    received.sha256());
        }
    }

    private List<String> duplicates(SyncFile file, JdbcTarget target, List<@Nullable String[]> batch) {
        var keys = new LinkedHashSet<String>();
        var twice = new HashSet<String>();
        for (var row : batch) {
            var key = row[target.keyIndex()];
            if (key != null && !keys.add(key)) {
                twice.add(key);
            }
        }
        var all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS_AT_ONCE) {
            var some = all.subList(from, Math.min(from + KEYS_AT_ONCE, all.size()));
            twice.addAll(transactions.<List<String>>call(now -> target.staged(file.jobId(), some)));
        }
        return twice.stream().sorted().limit(10).toList();
    }

    /** The bytes are not those of the manifest. Says how many rows there are, as far as they can be read. */
    private void refuse(SyncFile file, Dataset dataset, Received received) {
        Long rows = null;
        try (var csv = CsvRows.open(received.path(), dataset.form())) {
            rows = 0L;
            while (csv.next() != null) {
                rows = csv.rows();
            }
        } catch (BadExtractException | IOException e) {
            LOG.debug("{} is readable for {} rows only", file.name(), rows);
        }
        spool.drop(received.path());
        var bytes = received.bytes() > file.expected().bytes() ? "more" : Long.toString(received.bytes());
        var message = "the manifest says %d bytes and %d rows, %s bytes and %s rows came%s"
                .formatted(
                        file.expected().bytes(),
                        file.expected().rows(),
                        bytes,
                        rows == null ? "no readable" : rows.toString(),
                        received.cutOff() ? ", then the connection broke" : "");
        if (received.bytes() == file.expected().bytes()) {
            message = "the checksum of the file is not the manifest's";
        }
        if (received.cutOff() && file.tries() + 1 < fileTries) {
            throw new ProviderException(message, true, null);
        }
        throw new BadFile(message, rows, received.sha256());
    }

    private void merge(SyncFile file) {
        var job = jobs.get(file.jobId());
        var target = targets.of(datasets.get(job.dataset()), job.columns());
        Merged merged = transactions.call(now -> {
            files.guard(file);
            var done = target.merge(file.jobId(), file.fileNo(), now);
            if (done.rows() != file.expected().rows()) {
                // Never merge less than the file: what is absent from it would be deleted from the target.
                throw new IllegalStateException("%d rows of %s are staged, and it has %d"
                        .formatted(done.rows(), file.name(), file.expected().rows()));
            }
            files.merged(file, done, now);
            return done;
        });
        LOG.info(
                "job {} merged {}: {} inserted, {} updated, {} unchanged",
                file.jobId(),
                file.name(),
                merged.inserted(),
                merged.updated(),
                merged.unchanged());
    }

    private void tryAgain(SyncFile file, @Nullable String message, boolean retryable, RuntimeException cause) {
        if (!retryable || file.tries() + 1 >= fileTries) {
            LOG.warn("job {} gives up {} after {} tries", file.jobId(), file.name(), file.tries() + 1, cause);
            fail(file, null, null, message, retryable);
            return;
        }
        LOG.info("job {} tries {} again: {}", file.jobId(), file.name(), message);
        guarded(file, now -> files.postpone(file, message, now.plus(FIRST_BACKOFF.multipliedBy(1L << file.tries()))));
    }

    private void fail(
            SyncFile file,
            @Nullable Long actualRows,
            @Nullable String actualSha256,
            @Nullable String message,
            boolean retryable) {
        LOG.warn("job {} refuses {}: {}", file.jobId(), file.name(), message);
        guarded(file, now -> files.failed(file, actualRows, actualSha256, message, retryable));
    }

    private interface Write {
        void at(Instant now);
    }

    private void guarded(SyncFile file, Write write) {
        try {
            transactions.run(now -> {
                files.guard(file);
                write.at(now);
            });
        } catch (LeaseLostException e) {
            LOG.info("{}; another instance goes on with it", e.getMessage());
        }
    }

    private void reportProgress(String jobId) {
        transactions.run(now -> {
            if (jobs.mayReport(jobId, REPORT_EVERY, now)) {
                reports.progress(jobs.get(jobId), files.ofJob(jobId), now);
            }
        });
    }

    /** The file itself is wrong, and here are the numbers that show it. */
    private static final class BadFile extends RuntimeException {

        private final transient @Nullable Long actualRows;
        private final @Nullable String actualSha256;

        BadFile(String message, @Nullable Long actualRows, @Nullable String actualSha256) {
            super(message);
            this.actualRows = actualRows;
            this.actualSha256 = actualSha256;
        }
    }
}
