package io.syncline.scheduler.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database of maps and lists under one transaction at a time, undone when it fails; several nodes may share it. */
public final class InMemoryTables {

    /**
     * One row as a transaction found it and as it leaves it.
     *
     * @param table the map or list that holds it
     * @param before null: there was none
     * @param after null: it was removed
     */
    public record Change(
            Object table,
            Object key,
            @Nullable Object before,
            @Nullable Object after) {

        @SuppressWarnings("unchecked")
        private void undo() {
            if (table instanceof List<?> rows) {
                rows.remove(rows.size() - 1);
            } else if (before == null) {
                ((Map<Object, Object>) table).remove(key);
            } else {
                ((Map<Object, Object>) table).put(key, before);
            }
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Change> changes = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private Consumer<List<Change>> committed = all -> {};

    /** Hears of every transaction that changed something, in the order of the changes, before anybody else sees it. */
    public void onCommit(Consumer<List<Change>> listener) {
        committed = listener;
    }

    public <K, V> void put(Map<K, V> table, K key, V row) {
        var before = table.put(key, row);
        changes.add(new Change(table, key, before, row));
    }

    public <K, V> void remove(Map<K, V> table, K key) {
        var before = table.remove(key);
        changes.add(new Change(table, key, before, null));
    }

    public <V> void append(List<V> table, V row) {
        table.add(row);
        changes.add(new Change(table, table.size() - 1, null, row));
    }

    public void afterCommit(Runnable work) {
        afterCommit.add(work);
    }

    /** Whether this thread is in a transaction. */
    public boolean inTransaction() {
        return lock.isHeldByCurrentThread();
    }

    public void begin() {
        lock.lock();
    }

    /** Returns what is to be done after the commit, in transactions of its own. */
    public List<Runnable> commit() {
        var work = List.copyOf(afterCommit);
        var all = List.copyOf(changes);
        changes.clear();
        afterCommit.clear();
        if (!all.isEmpty()) {
            committed.accept(all);
        }
        lock.unlock();
        return work;
    }

    public void rollback() {
        for (int i = changes.size() - 1; i >= 0; i--) {
            changes.get(i).undo();
        }
        changes.clear();
        afterCommit.clear();
        lock.unlock();
    }

    /** The work in one transaction, the caller's if there is one; what it left for after the commit follows at once. */
    public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
        if (inTransaction()) {
            return work.get();
        }
        begin();
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error e) {
            rollback();
            throw e;
        }
        commit().forEach(Runnable::run);
        return result;
    }
}
