package io.syncline.migrations;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.IntSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/**
 * On H2 Flyway locks the rows of its history, of which an empty database has none: two nodes would both apply the first
 * script. Here they wait for the row of a table of its own, in a schema of its own; a node that ends lets it go.
 */
final class H2MigrationTurn implements MigrationTurn {

    private static final int LONGEST_WAIT_MS = 120_000;

    private final DataSource dataSource;

    H2MigrationTurn(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public int take(IntSupplier migration) {
        try (var connection = dataSource.getConnection()) {
            prepare(connection);
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                int wait = waits(statement);
                statement.execute("set lock_timeout " + LONGEST_WAIT_MS);
                try {
                    statement.execute("select turn_id from migrating.turn where turn_id = 1 for update");
                    return migration.getAsInt();
                } finally {
                    // The connection goes back to a pool.
                    statement.execute("set lock_timeout " + wait);
                }
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new FlywayException("The turn to apply scripts could not be taken", e);
        }
    }

    private static int waits(Statement statement) throws SQLException {
        try (var row = statement.executeQuery("select lock_timeout()")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("create schema if not exists migrating");
            statement.execute("create table if not exists migrating.turn (turn_id integer primary key)");
            statement.execute("merge into migrating.turn (turn_id) key (turn_id) values (1)");
        }
    }
}
