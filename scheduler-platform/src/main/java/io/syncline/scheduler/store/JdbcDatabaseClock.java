package io.syncline.scheduler.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Asks once in each transaction; outside of one, each time. */
final class JdbcDatabaseClock implements DatabaseClock {

    private final JdbcClient jdbc;
    private final String query;

    JdbcDatabaseClock(JdbcClient jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.query = dialect.currentTimestamp();
    }

    @Override
    public Instant now() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.isSynchronizationActive()) {
            return read();
        }
        if (TransactionSynchronizationManager.getResource(this) instanceof Instant known) {
            return known;
        }
        var now = read();
        TransactionSynchronizationManager.bindResource(this, now);
        TransactionSynchronizationManager.registerSynchronization(new UntilTheEnd(now));
        return now;
    }

    private Instant read() {
        return jdbc.sql(query)
                .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single()
                .truncatedTo(ChronoUnit.MICROS);
    }

    /** Forgets the time with its transaction, and while another one is carried out within it. */
    private final class UntilTheEnd implements TransactionSynchronization {

        private final Instant now;

        UntilTheEnd(Instant now) {
            this.now = now;
        }

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResource(JdbcDatabaseClock.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(JdbcDatabaseClock.this, now);
        }

        /** Not after it: what runs then is no longer in the transaction. */
        @Override
        public void beforeCompletion() {
            TransactionSynchronizationManager.unbindResourceIfPossible(JdbcDatabaseClock.this);
        }
    }
}
