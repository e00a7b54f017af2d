package io.syncline.consumer.store;

import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs one business move in one transaction and hands it the database's time, read once at its start. */
public class Transactions {

    // A process that is frozen inside a transaction keeps its row locks as long as its connection lives; PostgreSQL can
    // end such a transaction itself, in time for the take-over within 20 s.
    private static final String END_WHEN_FROZEN = "set local idle_in_transaction_session_timeout = '10s'";

    private final SqlDialect dialect;
    private final JdbcClient jdbc;
    private final TransactionTemplate readWrite;
    private final TransactionTemplate apart;
    private final TransactionTemplate snapshot;

    public Transactions(SqlDialect dialect, JdbcClient jdbc, PlatformTransactionManager manager) {
        this.dialect = dialect;
        this.jdbc = jdbc;
        this.readWrite = new TransactionTemplate(manager);
        this.apart = new TransactionTemplate(manager);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.snapshot = new TransactionTemplate(manager);
        this.snapshot.setIsolationLevel(dialect.snapshotIsolation());
        this.snapshot.setReadOnly(dialect == SqlDialect.POSTGRESQL);
    }

    public SqlDialect dialect() {
        return dialect;
    }

    public <T extends @Nullable Object> T call(Function<Instant, T> move) {
        return readWrite.execute(status -> {
            if (dialect == SqlDialect.POSTGRESQL) {
                jdbc.sql(END_WHEN_FROZEN).update();
            }
            return move.apply(now());
        });
    }

    public void run(Consumer<Instant> move) {
        run(readWrite, move);
    }

    /** Runs the move in a transaction of its own, even within another one. */
    public void runApart(Consumer<Instant> move) {
        run(apart, move);
    }

    private void run(TransactionTemplate template, Consumer<Instant> move) {
        template.executeWithoutResult(status -> {
            if (dialect == SqlDialect.POSTGRESQL) {
                jdbc.sql(END_WHEN_FROZEN).update();
            }
            move.accept(now());
        });
    }

    /** Reads of one moment. */
    public <T extends @Nullable Object> T snapshot(Supplier<T> reads) {
        return snapshot.execute(status -> reads.get());
    }

    private Instant now() {
        return jdbc.sql(dialect.selectNow())
                .query((row, number) -> JdbcTimes.instant(row, 1))
                .single();
    }
}
