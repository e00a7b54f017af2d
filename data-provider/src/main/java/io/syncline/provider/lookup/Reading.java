package io.syncline.provider.lookup;

import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Runs one query of a look-up by cursor: in memory are the rows of one fetch. */
final class Reading {

    private final SqlDialect dialect;
    private final Tuning tuning;

    Reading(SqlDialect dialect, Tuning tuning) {
        this.dialect = dialect;
        this.tuning = tuning;
    }

    /** Binds what a query is to find. */
    @FunctionalInterface
    interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    void rows(Connection connection, String sql, Binding binding, FoundRows found) throws SQLException, IOException {
        try (var statement = connection.prepareStatement(sql)) {
            rows(statement, binding, found);
        }
    }

    void rows(PreparedStatement statement, Binding binding, FoundRows found) throws SQLException, IOException {
        statement.setFetchSize(tuning.fetchRows());
        binding.bind(statement);
        // PostgreSQL is told for the whole transaction.
        boolean timed = dialect != SqlDialect.POSTGRESQL;
        if (timed) {
            statement.setQueryTimeout(Math.max(1, (int) tuning.timeout().toSeconds()));
        }
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                found.row(rows);
            }
        } finally {
            if (timed) {
                // On H2 it would stay with the connection.
                statement.setQueryTimeout(0);
            }
        }
    }
}
