package io.syncline.faults;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a flow makes of one kind, counted from 1 in the order in which they are made; one of them may be made to
 * fail. Safe for use by several threads, though a flow whose calls change their order between runs cannot be swept.
 */
public final class Calls {

    private final String kind;
    private boolean on;
    private int made;
    private int failing;
    private Failure failure = Failure.NOT_MADE;
    private @Nullable String struck;
    private final Set<Integer> undone = new HashSet<>();

    /** @param kind as it is told when something fails, such as {@code JDBC} */
    public Calls(String kind) {
        this.kind = kind;
    }

    public String kind() {
        return kind;
    }

    /** Counts from here on, and lets every call pass. */
    public synchronized void count() {
        failAt(0, Failure.NOT_MADE);
    }

    /**
     * Counts from here on, and makes one call fail.
     *
     * @param number of the call that fails, from 1; 0: none does
     */
    public synchronized void failAt(int number, Failure how) {
        on = true;
        made = 0;
        failing = number;
        failure = how;
        struck = null;
        undone.clear();
    }

    /** Calls are neither counted nor made to fail any more. */
    public synchronized void off() {
        on = false;
    }

    /** Calls counted so far. */
    public synchronized int made() {
        return made;
    }

    /** The call that was made to fail, in words; empty: none was reached. */
    public synchronized Optional<String> struck() {
        return Optional.ofNullable(struck);
    }

    /**
     * Whether the counted call was one whose effect ends with its connection, so that it makes no difference whether it was
     * made before that was lost.
     */
    synchronized boolean isUndone(int number) {
        return undone.contains(number);
    }

    /**
     * A call is about to be made.
     *
     * @param what it is, in words
     * @return what becomes of it; null: it passes
     */
    public @Nullable Failure next(String what) {
        return next(what, false);
    }

    /** @param undoneWithConnection whether the effect ends with the connection, as in a transaction before its commit */
    public synchronized @Nullable Failure next(String what, boolean undoneWithConnection) {
        if (!on) {
            return null;
        }
        made++;
        if (undoneWithConnection) {
            undone.add(made);
        }
        if (made != failing) {
            return null;
        }
        struck = what;
        return failure;
    }
}
