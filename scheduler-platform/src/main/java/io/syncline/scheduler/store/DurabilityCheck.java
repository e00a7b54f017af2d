package io.syncline.scheduler.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses a PostgreSQL that may forget what it has committed: an acknowledged message would be lost with it. */
final class DurabilityCheck {

    private static final Logger LOG = LoggerFactory.getLogger(DurabilityCheck.class);

    private DurabilityCheck() {}

    static void require(DataSource dataSource, SqlDialect dialect, boolean allowUnsafe) {
        if (dialect != SqlDialect.POSTGRESQL) {
            return;
        }
        try (var connection = dataSource.getConnection()) {
            require("fsync", setting(connection, "fsync"), allowUnsafe);
            require("synchronous_commit", setting(connection, "synchronous_commit"), allowUnsafe);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the database's durability settings: " + e.getMessage(), e);
        }
    }

    private static void require(String name, String found, boolean allowUnsafe) {
        if (!found.equals("off")) {
            return;
        }
        var what = "PostgreSQL runs with " + name + " = off: a crash of the database loses acknowledged messages";
        if (!allowUnsafe) {
            throw new IllegalStateException(
                    what + ". Switch it on, or set syncline.database.allow-unsafe-durability=true for a test system");
        }
        LOG.warn("{}", what);
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("show " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
