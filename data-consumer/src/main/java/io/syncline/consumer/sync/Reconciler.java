package io.syncline.consumer.sync;

import io.syncline.consumer.csv.PlainCsv;
import io.syncline.consumer.csv.UnreadableCsvException;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.ProviderException;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.sync.JdbcReconciliations.Comparison;
import io.syncline.consumer.sync.JdbcReconciliations.Hashed;
import io.syncline.consumer.sync.JdbcReconciliations.Side;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the source files once more, with a reader of its own, and the target table as it is now, both at the same moment,
 * and compares them by key and content. Sums over buckets of rows come first; where they differ both are read again, and
 * the rows of those buckets are compared one by one. Nothing that the loader counted or stored is used.
 */
class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int BATCH_ROWS = 1000;

    private final Transactions transactions;
    private final JdbcSyncJobs jobs;
    private final JdbcSyncFiles files;
    private final JdbcReconciliations reconciliations;
    private final Targets targets;
    private final ProviderClient provider;
    private final Spool spool;
    private final Datasets datasets;
    private final int sampleKeys;
    private final Executor beside;

    /** @param beside reads the target while the source is read */
    Reconciler(
            Transactions transactions,
            JdbcSyncJobs jobs,
            JdbcSyncFiles files,
            JdbcReconciliations reconciliations,
            Targets targets,
            ProviderClient provider,
            Spool spool,
            Datasets datasets,
            int sampleKeys,
            Executor beside) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.files = files;
        this.reconciliations = reconciliations;
        this.targets = targets;
        this.provider = provider;
        this.spool = spool;
        this.datasets = datasets;
        this.sampleKeys = sampleKeys;
        this.beside = beside;
    }

    Comparison compare(SyncJob job) {
        var dataset = datasets.get(job.dataset());
        transactions.run(now -> {
            jobs.guard(job);
            reconciliations.clear(job.jobId());
        });
        var target = new FutureTask<>(() -> targetSums(job, dataset));
        beside.execute(target);
        BucketSums expected;
        try {
            expected = sourceSums(job, dataset);
        } catch (RuntimeException e) {
            awaitEnd(target);
            throw e;
        }
        var actual = result(target);
        var differing = expected.differing(actual);
        if (!differing.isEmpty()) {
            LOG.info(
                    "job {}: {} of {} buckets differ, their rows are compared",
                    job.jobId(),
                    differing.cardinality(),
                    BucketSums.BUCKETS);
            layDown(job, dataset, differing);
        }
        return transactions.call(now -> {
            jobs.guard(job);
            return reconciliations.compare(job.jobId(), job.expectedRows(), actual.rows(), sampleKeys);
        });
    }

    private BucketSums sourceSums(SyncJob job, Dataset dataset) {
        var sums = new BucketSums();
        var hash = new ContentHash();
        for (var file : files.ofJob(job.jobId())) {
            readSource(job, dataset, file, (key, fields) -> sums.add(key, hash.of(fields)));
        }
        return sums;
    }

    private BucketSums targetSums(SyncJob job, Dataset dataset) {
        var sums = new BucketSums();
        var hash = new ContentHash();
        readTarget(job, dataset, (key, fields) -> sums.add(key, hash.of(fields)));
        return sums;
    }

    /** Lays the rows of these buckets down, of both sides. */
    private void layDown(SyncJob job, Dataset dataset, BitSet buckets) {
        var expected = new Batches(job, Side.EXPECTED, buckets);
        for (var file : files.ofJob(job.jobId())) {
            readSource(job, dataset, file, expected);
        }
        expected.add();
        var actual = new Batches(job, Side.ACTUAL, buckets);
        readTarget(job, dataset, actual);
        actual.add();
    }

    private interface Row {
        void accept(String key, List<@Nullable String> fields);
    }

    private void readSource(SyncJob job, Dataset dataset, SyncFile file, Row row) {
        var received = spool.fetch(provider, dataset.sourceName(), job.knownExtractId(), file.expected());
        if (!received.is(file.expected())) {
            spool.drop(received.path());
            throw new ProviderException("the provider's " + file.name() + " is not the file any more", true, null);
        }
        int keyIndex = job.columns().indexOf(dataset.keyColumn());
        try (var csv = new PlainCsv(received.path(), dataset.form())) {
            csv.next(); // the header, compared with the manifest when the file was staged
            for (var fields = csv.next(); fields != null; fields = csv.next()) {
                row.accept(key(fields, keyIndex, file), fields);
            }
        } catch (UnreadableCsvException e) {
            throw new BadExtractException("read again, " + file.name() + " is no valid CSV: " + e.getMessage());
        } catch (IOException e) {
            throw new ProviderException("cannot read " + file.name() + " again", true, e);
        }
    }

    private static String key(List<@Nullable String> fields, int keyIndex, SyncFile file) {
        var key = keyIndex < fields.size() ? fields.get(keyIndex) : null;
        if (key == null) {
            throw new BadExtractException("a row of " + file.name() + " has no key when read again");
        }
        return key;
    }

    private void readTarget(SyncJob job, Dataset dataset, Row row) {
        var target = targets.of(dataset, job.columns());
        int keyIndex = target.keyIndex();
        transactions.<@Nullable Void>snapshot(() -> {
            target.read(fields -> row.accept(Objects.requireNonNull(fields.get(keyIndex)), fields));
            return null;
        });
    }

    /** On a thread of its own. */
    static void onItsOwnThread(Runnable work) {
        var thread = new Thread(work, "sync-reconcile-target");
        thread.setDaemon(true);
        thread.start();
    }

    private static BucketSums result(FutureTask<BucketSums> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("the target could not be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the target was read", e);
        }
    }

    /** What else went wrong is of no interest beside what already has. */
    private static void awaitEnd(FutureTask<BucketSums> work) {
        try {
            result(work);
        } catch (RuntimeException e) {
            LOG.debug("the target could not be read either", e);
        }
    }

    /** Lays rows of some buckets down, many at a time, each time under the job's guard. */
    private final class Batches implements Row {

        private final SyncJob job;
        private final Side side;
        private final BitSet buckets;
        private final ContentHash hash = new ContentHash();
        private final List<Hashed> batch = new ArrayList<>(BATCH_ROWS);

        Batches(SyncJob job, Side side, BitSet buckets) {
            this.job = job;
            this.side = side;
            this.buckets = buckets;
        }

        @Override
        public void accept(String key, List<@Nullable String> fields) {
            if (buckets.get(BucketSums.bucket(key))) {
                batch.add(new Hashed(key, HexFormat.of().formatHex(hash.of(fields))));
                if (batch.size() == BATCH_ROWS) {
                    add();
                }
            }
        }

        void add() {
            if (batch.isEmpty()) {
                return;
            }
            // Apart from the snapshot in which the target is read.
            transactions.runApart(now -> {
                jobs.guard(job);
                reconciliations.add(job.jobId(), side, batch);
            });
            batch.clear();
        }
    }
}
