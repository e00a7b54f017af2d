package io.syncline.provider.change;

import io.syncline.provider.dataset.Dataset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Where whoever writes a dataset's table records what it did, within the same transaction: both are committed, or
 * neither is.
 */
@Service
public class Changes {

    private final JdbcWaitingChanges waiting;
    private final JdbcChangeFeeds feeds;
    private final Sequencer sequencer;

    Changes(JdbcWaitingChanges waiting, JdbcChangeFeeds feeds, Sequencer sequencer) {
        this.waiting = waiting;
        this.feeds = feeds;
        this.sequencer = sequencer;
    }

    /**
     * Records one change; does nothing for a dataset without a change log.
     *
     * <p>To be called <b>after</b> the row was written, so that the transaction holds the row's lock: the changes of
     * one key are numbered in the order in which their writers held it. {@code before} is to be read under that lock.
     *
     * @param before the cells in the order of the dataset's columns, as they are read back; null for a new row
     * @param after null for a row that is gone
     * @throws IllegalTransactionStateException outside a transaction
     */
    public void record(Dataset dataset, @Nullable String @Nullable [] before, @Nullable String @Nullable [] after) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalTransactionStateException(
                    "A change of dataset " + dataset.name() + " is recorded in the transaction that makes it");
        }
        if (dataset.changes() && !dataset.captured()) {
            current().add(WaitingChange.of(dataset, before, after));
        }
    }

    /** Records what was read from the database's log, in the order of its commits, within the caller's transaction. */
    public void recordCaptured(List<CapturedChange> captured) {
        waiting.insertCaptured(captured);
        wakeAfterCommit();
    }

    /**
     * Rows are gone and nobody knows which, so the log cannot go on: all who follow it are told to take an extract, as
     * after a time in which nothing was recorded.
     */
    public void breakOff(Dataset dataset) {
        // First, so that nobody gives a number to what is discarded.
        feeds.breakOff(dataset.name());
        waiting.discard(dataset.name());
    }

    private void wakeAfterCommit() {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                sequencer.wake();
            }
        });
    }

    private TransactionChanges current() {
        if (TransactionSynchronizationManager.getResource(this) instanceof TransactionChanges begun) {
            return begun;
        }
        var changes = new TransactionChanges(this, waiting, sequencer::wake);
        TransactionSynchronizationManager.bindResource(this, changes);
        TransactionSynchronizationManager.registerSynchronization(changes);
        return changes;
    }
}
