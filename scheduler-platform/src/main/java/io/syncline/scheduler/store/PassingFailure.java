package io.syncline.scheduler.store;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Tells failures of the database that pass by themselves from those that come again with the same work. */
public final class PassingFailure {

    /** PostgreSQL's lock and idle-in-transaction time-outs, which Spring does not classify. */
    private static final Set<String> UNCLASSIFIED = Set.of("55P03", "25P03", "25P04");

    private PassingFailure() {}

    /** Whether the same work may succeed later: the database was away, busy, or somebody held a lock. */
    public static boolean is(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException
                    || cause instanceof TransactionSystemException
                    || (cause instanceof SQLException sql
                            && sql.getSQLState() != null
                            && UNCLASSIFIED.contains(sql.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** Whether the database could not be reached, so that the next transaction would wait for it as long again. */
    public static boolean isAway(Throwable failure) {
        return failure instanceof CannotCreateTransactionException
                || failure instanceof DataAccessResourceFailureException;
    }
}
