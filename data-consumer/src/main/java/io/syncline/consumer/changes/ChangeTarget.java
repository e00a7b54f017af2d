package io.syncline.consumer.changes;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** What changes are for. Changes of one key arrive in order, most of them once. */
public interface ChangeTarget {

    /** The datasets whose changes it takes. */
    List<String> datasets();

    /** @throws UnusableChangeException when the change could never be applied, whatever the database holds */
    void check(Change change);

    /**
     * Applies changes of one dataset in one transaction; an exception means that nothing was done.
     *
     * @param changes that passed {@link #check}
     * @param also is done in the same transaction, at its end, with the database's time
     */
    void apply(String dataset, List<Change> changes, Consumer<Instant> also);
}
