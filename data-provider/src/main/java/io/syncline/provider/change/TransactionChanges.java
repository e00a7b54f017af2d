package io.syncline.provider.change;

import io.syncline.provider.store.Ids;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The changes of one transaction. They are kept until its end and written by its last statement, so that one statement
 * writes many and their time is that of the end; what a long transaction had to write earlier is given that time then.
 */
final class TransactionChanges implements TransactionSynchronization {

    private static final int KEPT = 500;

    private final Object key;
    private final JdbcWaitingChanges waiting;
    private final Runnable afterCommit;
    private final List<WaitingChange> kept = new ArrayList<>();
    private final Deque<Savepoint> savepoints = new ArrayDeque<>();
    private final String transactionId = Ids.next();
    private boolean writtenEarlier;
    private boolean ending;

    TransactionChanges(Object key, JdbcWaitingChanges waiting, Runnable afterCommit) {
        this.key = key;
        this.waiting = waiting;
        this.afterCommit = afterCommit;
    }

    void add(WaitingChange change) {
        kept.add(change);
        if (ending) {
            // Somebody else's last act within the transaction.
            end();
        } else if (kept.size() >= KEPT) {
            writeEarly();
        }
    }

    private void writeEarly() {
        if (!kept.isEmpty()) {
            waiting.insert(kept, transactionId, waiting.moment());
            writtenEarlier = true;
            kept.clear();
        }
    }

    private void end() {
        var moment = waiting.moment();
        if (!kept.isEmpty()) {
            waiting.insert(kept, null, moment);
            kept.clear();
        }
        if (writtenEarlier) {
            waiting.settle(transactionId, moment);
        }
    }

    @Override
    public void beforeCommit(boolean readOnly) {
        ending = true;
        end();
    }

    @Override
    public void afterCommit() {
        afterCommit.run();
    }

    @Override
    public void afterCompletion(int status) {
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
    }

    /**
     * Told once the savepoint stands: what was not written by then is written behind it, so it must be written again
     * after a return to it.
     */
    @Override
    public void savepoint(Object savepoint) {
        savepoints.push(new Savepoint(savepoint, List.copyOf(kept)));
        writeEarly();
    }

    /** The database forgets what was written behind the savepoint. */
    @Override
    public void savepointRollback(Object savepoint) {
        while (!savepoints.isEmpty()) {
            var last = savepoints.pop();
            if (last.savepoint() == savepoint) {
                kept.clear();
                kept.addAll(last.unwritten());
                return;
            }
        }
        // From before the first change of the transaction.
        kept.clear();
    }

    private record Savepoint(Object savepoint, List<WaitingChange> unwritten) {}

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
    }

    @Override
    public void resume() {
        TransactionSynchronizationManager.bindResource(key, this);
    }
}
