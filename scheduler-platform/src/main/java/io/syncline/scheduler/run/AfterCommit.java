package io.syncline.scheduler.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Work that begins when a transaction has been committed: in the same thread when the transaction is this room's own, in
 * another one when it is the caller's, because the caller's connection is then not yet given back.
 */
final class AfterCommit {

    private static final Logger LOG = LoggerFactory.getLogger(AfterCommit.class);

    private final ThreadLocal<@Nullable List<Runnable>> own = new ThreadLocal<>();
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                var made = new Thread(work, "runs-after-commit");
                made.setDaemon(true);
                return made;
            });

    AfterCommit() {
        thread.allowCoreThreadTimeOut(true);
    }

    /** Carries out a transaction, or a part of one, and then what was added meanwhile. */
    <T extends @Nullable Object> T around(Supplier<T> transaction) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return transaction.get();
        }
        var added = new ArrayList<Runnable>();
        own.set(added);
        T result;
        try {
            result = transaction.get();
        } finally {
            own.remove();
        }
        added.forEach(AfterCommit::quietly);
        return result;
    }

    void add(Runnable work) {
        var added = own.get();
        if (added != null) {
            added.add(work);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                thread.execute(() -> quietly(work));
            }
        });
    }

    /** What fails here is found by the sweep. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("left to the next sweep: {}", e.toString());
        }
    }
}
