package io.syncline.scheduler.quartz;

import org.quartz.SchedulerException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Every change of the clock's store is made in one of its own transactions: outside of one its connections commit each
 * statement by itself, and its row lock would guard nothing.
 */
final class ClockTransactions {

    private final TransactionTemplate transaction;

    ClockTransactions(TransactionTemplate transaction) {
        this.transaction = transaction;
    }

    /** A change of the clock's store. */
    interface Change {
        void make() throws SchedulerException;
    }

    void run(Change change) throws SchedulerException {
        try {
            transaction.executeWithoutResult(status -> {
                try {
                    change.make();
                } catch (SchedulerException e) {
                    throw new Failed(e);
                }
            });
        } catch (Failed e) {
            throw e.cause;
        }
    }

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final SchedulerException cause;

        Failed(SchedulerException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}
