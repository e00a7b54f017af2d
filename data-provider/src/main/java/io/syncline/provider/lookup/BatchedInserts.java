package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.store.SqlDialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Fills by inserts in batches; on PostgreSQL, which is told each row of a batch apart, by inserts of many rows. */
final class BatchedInserts implements KeyFilling {

    private final SqlDialect dialect;
    private final int batchRows;

    BatchedInserts(SqlDialect dialect, int batchRows) {
        this.dialect = dialect;
        this.batchRows = batchRows;
    }

    @Override
    public void fill(Connection connection, String table, Dataset dataset, List<Object[]> keys) throws SQLException {
        var sql = new LookupSql(dataset);
        if (dialect == SqlDialect.POSTGRESQL) {
            int whole = keys.size() / batchRows * batchRows;
            manyRows(connection, sql.insert(table, batchRows), keys.subList(0, whole), batchRows);
            manyRows(connection, sql.insert(table, keys.size() - whole), keys.subList(whole, keys.size()), batchRows);
        } else {
            fill(connection, sql.insert(table, 1), keys);
        }
    }

    private static void manyRows(Connection connection, String insert, List<Object[]> keys, int rows)
            throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (var statement = connection.prepareStatement(insert)) {
            for (int from = 0; from < keys.size(); from += rows) {
                KeyBinding.bind(statement, keys.subList(from, Math.min(keys.size(), from + rows)));
                statement.executeUpdate();
            }
        }
    }

    /** @param insert a statement with a parameter for each part of a key */
    void fill(Connection connection, String insert, List<Object[]> keys) throws SQLException {
        try (var statement = connection.prepareStatement(insert)) {
            int waiting = 0;
            for (var key : keys) {
                for (int i = 0; i < key.length; i++) {
                    statement.setObject(i + 1, key[i]);
                }
                statement.addBatch();
                if (++waiting == batchRows) {
                    statement.executeBatch();
                    waiting = 0;
                }
            }
            if (waiting > 0) {
                statement.executeBatch();
            }
        }
    }
}
