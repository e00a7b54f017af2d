package io.syncline.scheduler.catalog;

import java.util.Collection;

/** Hears of what may need an alert, inside the transaction that caused it: kept with it, or not at all. Sends nothing. */
public interface AlertSignals {

    /** What stands already for the same condition and subject is not raised again. */
    void raise(Collection<AlertSignal> signals);

    /** The condition has passed for these subjects; those for which it did not stand are left out. */
    void cure(AlertCondition condition, Collection<String> subjects);
}
