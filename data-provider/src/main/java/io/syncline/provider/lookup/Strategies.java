package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The strategies of a database, and which of them is taken. */
public final class Strategies {

    private final SqlDialect dialect;
    private final Tuning tuning;
    private final Map<StrategyName, Strategy> byName = new EnumMap<>(StrategyName.class);

    public Strategies(SqlDialect dialect, Tuning tuning) {
        this.dialect = dialect;
        this.tuning = tuning;
        var reading = new Reading(dialect, tuning);
        byName.put(StrategyName.IN_LISTS, new InLists(tuning.batchRows(), reading));
        byName.put(StrategyName.FULL_READ, new FullRead(reading));
        byName.put(StrategyName.ARRAY, new KeyArrays(dialect, false, reading));
        byName.put(StrategyName.UNNEST, new KeyArrays(dialect, true, reading));
        var batches = new BatchedInserts(dialect, tuning.batchRows());
        switch (dialect) {
            case ORACLE -> byName.put(StrategyName.TABLE_BATCH, new OracleTemporaryTable(batches, reading));
            case H2 -> {
                byName.put(StrategyName.TABLE_BATCH, new H2TemporaryTable(batches, false, reading));
                byName.put(StrategyName.TABLE_BATCH_ANALYZE, new H2TemporaryTable(batches, true, reading));
                byName.replaceAll((name, strategy) -> new InKeyOrder(strategy));
            }
            case POSTGRESQL -> {
                var copy = new PostgresCopy();
                byName.put(StrategyName.TABLE_BATCH, new PostgresTemporaryTable(batches, false, reading));
                byName.put(StrategyName.TABLE_BATCH_ANALYZE, new PostgresTemporaryTable(batches, true, reading));
                byName.put(StrategyName.TABLE_COPY, new PostgresTemporaryTable(copy, false, reading));
                byName.put(StrategyName.TABLE_COPY_ANALYZE, new PostgresTemporaryTable(copy, true, reading));
            }
        }
    }

    /** Why a strategy cannot do such a look-up, as the end of a sentence; empty when it can. */
    public Optional<String> refusal(StrategyName name, Dataset dataset, int keys) {
        var strategy = byName.get(name);
        return strategy == null ? Optional.of("there is no such thing on " + dialect) : strategy.refusal(dataset, keys);
    }

    /** @throws IllegalArgumentException when this database has no such strategy */
    public Strategy get(StrategyName name) {
        var strategy = byName.get(name);
        if (strategy == null) {
            throw new IllegalArgumentException("There is no look-up by " + name + " on " + dialect);
        }
        return strategy;
    }

    /** The wanted one where it can; else the first that can of those that were quickest when they were measured. */
    public StrategyName choose(@Nullable StrategyName wanted, Dataset dataset, int keys) {
        if (wanted != null && refusal(wanted, dataset, keys).isEmpty()) {
            return wanted;
        }
        return quickest(keys).stream()
                .filter(name -> refusal(name, dataset, keys).isEmpty())
                .findFirst()
                .orElse(StrategyName.IN_LISTS);
    }

    /** docs/performance.md has the figures behind this. */
    private List<StrategyName> quickest(int keys) {
        return switch (dialect) {
            case POSTGRESQL ->
                keys <= 3_000 ? List.of(StrategyName.UNNEST) : List.of(StrategyName.ARRAY, StrategyName.TABLE_COPY);
            case H2 -> List.of(StrategyName.UNNEST, StrategyName.TABLE_BATCH);
            case ORACLE -> keys <= 1_000 ? List.of(StrategyName.IN_LISTS) : List.of(StrategyName.TABLE_BATCH);
        };
    }

    /** What is read in one transaction. */
    @FunctionalInterface
    public interface Work {
        void run() throws SQLException, IOException;
    }

    /**
     * Reads in a transaction that sees one moment, with what holds for a look-up; nothing of it stays with the connection,
     * and what was made for the look-up goes with the rollback, or before it.
     */
    public void inSnapshot(Connection connection, Work work) throws SQLException, IOException {
        if (dialect == SqlDialect.POSTGRESQL) {
            inTransaction(connection, () -> {
                prepare(connection);
                work.run();
            });
            return;
        }
        int isolation = connection.getTransactionIsolation();
        connection.setTransactionIsolation(dialect.snapshotIsolation());
        try {
            inTransaction(connection, work);
        } finally {
            connection.setTransactionIsolation(isolation);
        }
    }

    private static void inTransaction(Connection connection, Work work) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try {
            work.run();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** One statement for all that PostgreSQL is told for the transaction: through the driver, isolation is three more. */
    private void prepare(Connection connection) throws SQLException {
        var settings = "set transaction isolation level repeatable read; set local statement_timeout = "
                + tuning.timeout().toMillis() + "; set local jit = off";
        if (tuning.randomPageCost() > 0) {
            settings += String.format(Locale.ROOT, "; set local random_page_cost = %.3f", tuning.randomPageCost());
        }
        try (var statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }
}
