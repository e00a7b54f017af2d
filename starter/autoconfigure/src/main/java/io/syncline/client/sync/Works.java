package io.syncline.client.sync;

import io.syncline.client.Reports;
import io.syncline.client.UnknownWorkException;
import io.syncline.contracts.ReportStatus;
import io.syncline.contracts.StatusReport;
import io.syncline.outbox.Outbox;
import io.syncline.outbox.OutboxMessage;
import io.syncline.outbox.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The life of the work: accepted once per key, reported in order, ended once. A report and its callback are one
 * transaction, and so are the end of the work and its last callback.
 */
final class Works implements Reports {

    private static final Logger LOG = LoggerFactory.getLogger(Works.class);

    private final JdbcWorks works;
    private final Outbox outbox;
    private final WireJson json;
    private final TransactionTemplate transactions;

    Works(JdbcWorks works, Outbox outbox, WireJson json, PlatformTransactionManager transactionManager) {
        this.works = works;
        this.outbox = outbox;
        this.json = json;
        this.transactions = new TransactionTemplate(transactionManager);
    }

    /** What a call was found to be. */
    sealed interface Call {
        /** The key is new and stored; its handler may begin. */
        record First(StoredWork work) implements Call {}

        /** The same work was asked for before. */
        record Repeat(StoredWork work) implements Call {}

        /** The key belongs to other work. */
        record OtherWork() implements Call {}
    }

    /** The work of the key, its callback refreshed; or nothing. */
    Optional<Call> repeat(String key, SyncRequestReader.Read read) {
        return inTransaction(() -> works.find(key).map(work -> {
            if (!work.fingerprint().equals(read.fingerprint())) {
                return new Call.OtherWork();
            }
            works.refreshCallback(key, read.request());
            return new Call.Repeat(work);
        }));
    }

    /** Stores a new key under the owner's lease; a call that was faster makes it a repeat. */
    Call accept(
            String key,
            SyncRequestReader.Read read,
            String path,
            @Nullable String trace,
            String owner,
            Duration lease) {
        try {
            return inTransaction(() -> {
                var report = running(read.request().attempt(), works.now());
                works.insert(key, read.fingerprint(), path, read.request(), trace, report, owner, lease);
                return new Call.First(works.find(key).orElseThrow());
            });
        } catch (DuplicateKeyException e) {
            return repeat(key, read).orElseThrow(() -> e);
        }
    }

    Optional<StoredWork> find(String key) {
        return works.find(key);
    }

    @Override
    public void report(String idempotencyKey, StatusReport report) {
        transactions.executeWithoutResult(status -> {
            var work = works.lock(idempotencyKey).orElseThrow(() -> new UnknownWorkException(idempotencyKey));
            if (work.state() == StoredWork.State.ENDED) {
                LOG.warn(
                        "A {} report for the ended work {} is left out: it ended {}",
                        report.status(),
                        idempotencyKey,
                        work.report().status());
                return;
            }
            store(work, report);
        });
    }

    /** A handler's report; false when the work is no longer that handler's. */
    boolean report(StoredWork owned, StatusReport report) {
        return inTransaction(() -> {
            var work = works.lock(owned.key());
            if (work.isEmpty()
                    || work.get().state() != StoredWork.State.OPEN
                    || work.get().fence() != owned.fence()) {
                return false;
            }
            store(work.get(), report);
            return true;
        });
    }

    /** Ends the work without telling the platform, which knows; false when it had ended. */
    Optional<StoredWork> cancel(String key, String reason) {
        return inTransaction(() -> {
            var locked = works.lock(key);
            locked.filter(work -> work.state() != StoredWork.State.ENDED).ifPresent(work -> {
                var now = works.now();
                var failed = new StatusReport(
                        null, null, null, ReportStatus.FAILED, reason, false, null, null, null, null, null);
                var report = complete(work, failed, now);
                works.end(key, report, work.lastSequence() + 1, now);
            });
            return locked;
        });
    }

    void continueElsewhere(StoredWork work) {
        transactions.executeWithoutResult(status -> works.continueElsewhere(work.key(), work.fence()));
    }

    Set<String> renew(String owner, Duration lease) {
        return inTransaction(() -> works.renew(owner, lease));
    }

    void leave(String owner, Collection<String> keys) {
        transactions.executeWithoutResult(status -> works.leave(owner, keys));
    }

    List<StoredWork> takeOver(String owner, Duration lease, int limit) {
        return inTransaction(() -> works.takeOver(owner, lease, limit));
    }

    int purge(Duration keep) {
        return inTransaction(() -> works.purge(keep));
    }

    private void store(StoredWork work, StatusReport report) {
        var now = works.now();
        var complete = complete(work, report, now);
        var sequence = work.lastSequence() + 1;
        if (complete.status().isTerminal()) {
            works.end(work.key(), complete, sequence, now);
            LOG.info("Work {} of task {} ended {}", work.key(), work.request().task(), complete.status());
        } else {
            works.report(work.key(), complete, sequence, now);
        }
        outbox.append(new OutboxMessage(
                CallbackDelivery.KIND,
                "callback:" + work.key(),
                null,
                Map.of(IdempotencyKey.HEADER, work.key()),
                json.write(complete)));
    }

    private static StatusReport complete(StoredWork work, StatusReport report, Instant now) {
        return new StatusReport(
                Uuid7.next(),
                work.request().attempt(),
                work.lastSequence() + 1,
                report.status(),
                report.message(),
                report.retryable(),
                report.progress(),
                report.files(),
                report.reconciliation(),
                report.result(),
                report.occurredAt() == null ? now.truncatedTo(ChronoUnit.MILLIS) : report.occurredAt());
    }

    private static StatusReport running(int attempt, Instant now) {
        return new StatusReport(
                null,
                attempt,
                null,
                ReportStatus.RUNNING,
                null,
                null,
                null,
                null,
                null,
                null,
                now.truncatedTo(ChronoUnit.MILLIS));
    }

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        var result = transactions.execute(status -> work.get());
        if (result == null) {
            throw new IllegalStateException("a transaction without a result");
        }
        return result;
    }
}
