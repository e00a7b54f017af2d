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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source files once more, with a reader of its own, and the target table as it is now, and compares both by
 * key and content. Nothing that the loader counted or stored is used.
 */
class Reconciler {

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

    Reconciler(
            Transactions transactions,
            JdbcSyncJobs jobs,
            JdbcSyncFiles files,
            JdbcReconciliations reconciliations,
            Targets targets,
            ProviderClient provider,
            Spool spool,
            Datasets datasets,
            int sampleKeys) {
        this.transactions = transactions;
        this.jobs = jobs;
        this.files = files;
        this.reconciliations = reconciliations;
        this.targets = targets;
        this.provider = provider;
        this.spool = spool;
        this.datasets = datasets;
        this.sampleKeys = sampleKeys;
    }

    Comparison compare(SyncJob job) {
        var dataset = datasets.get(job.dataset());
        transactions.run(now -> {
            jobs.guard(job);
            reconciliations.clear(job.jobId());
        });
        for (var file : files.ofJob(job.jobId())) {
            readSource(job, dataset, file);
        }
        readTarget(job, targets.of(dataset, job.columns()));
        return transactions.call(now -> {
            jobs.guard(job);
            return reconciliations.compare(job.jobId(), job.expectedRows(), sampleKeys);
        });
    }

    private void readSource(SyncJob job, Dataset dataset, SyncFile file) {
        var received = spool.fetch(provider, dataset.sourceName(), job.knownExtractId(), file.expected());
        if (!received.is(file.expected())) {
            spool.drop(received.path());
            throw new ProviderException("the provider's " + file.name() + " is not the file any more", true, null);
        }
        int keyIndex = job.columns().indexOf(dataset.keyColumn());
        var hash = new ContentHash();
        var batch = new ArrayList<Hashed>(BATCH_ROWS);
        try (var csv = new PlainCsv(received.path(), dataset.form())) {
            csv.next(); // the header, compared with the manifest when the file was staged
            for (var fields = csv.next(); fields != null; fields = csv.next()) {
                batch.add(new Hashed(key(fields, keyIndex, file), hash.of(fields)));
                if (batch.size() == BATCH_ROWS) {
                    add(job, Side.EXPECTED, batch);
                }
            }
            add(job, Side.EXPECTED, batch);
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

    private void readTarget(SyncJob job, JdbcTarget target) {
        var hash = new ContentHash();
        String last = null;
        while (true) {
            var after = last;
            var page = transactions.call(now -> target.page(after, BATCH_ROWS));
            if (page.isEmpty()) {
                return;
            }
            var batch = new ArrayList<Hashed>(page.size());
            for (var row : page) {
                batch.add(new Hashed(row.key(), hash.of(row.fields())));
            }
            add(job, Side.ACTUAL, batch);
            last = page.get(page.size() - 1).key();
        }
    }

    private void add(SyncJob job, Side side, List<Hashed> batch) {
        if (batch.isEmpty()) {
            return;
        }
        transactions.run(now -> {
            jobs.guard(job);
            reconciliations.add(job.jobId(), side, batch);
        });
        batch.clear();
    }
}
