package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A table of this connection alone, made with the types of the dataset's key, filled and joined; H2's global temporary tables
 * are gone when the database is closed. Its rows are committed before the join: a transaction in snapshot isolation that has
 * written anything reads every row twice, as it was when the transaction and when the statement began
 * ({@code org.h2.mvstore.tx.TransactionMap}).
 */
final class H2TemporaryTable implements Strategy {

    private static final String NAME = "asked_key";

    private final KeyFilling filling;
    private final boolean analyze;
    private final Reading reading;

    H2TemporaryTable(KeyFilling filling, boolean analyze, Reading reading) {
        this.filling = filling;
        this.analyze = analyze;
        this.reading = reading;
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        var sql = new LookupSql(dataset);
        try (var table = MadeTable.of(connection, sql)) {
            filling.fill(connection, NAME, dataset, keys);
            if (analyze) {
                table.execute("analyze table " + NAME);
            }
            connection.commit();
            reading.rows(connection, sql.joined(NAME), statement -> {}, found);
        }
    }

    /** The table until it is dropped; one that a look-up before could not drop makes room for it. */
    private record MadeTable(Connection connection) implements AutoCloseable {

        static MadeTable of(Connection connection, LookupSql sql) throws SQLException {
            var table = new MadeTable(connection);
            table.execute("drop table if exists " + NAME);
            table.execute("create local temporary table " + NAME + " as " + sql.shapeOfKeys() + " where 1 = 0");
            return table;
        }

        void execute(String sql) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        @Override
        public void close() throws SQLException {
            execute("drop table " + NAME);
        }
    }
}
