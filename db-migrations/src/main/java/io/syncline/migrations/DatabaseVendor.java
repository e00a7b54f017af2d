package io.syncline.migrations;

import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;

/** The databases that have a folder of scripts. */
enum DatabaseVendor {
    H2,
    POSTGRESQL,
    ORACLE;

    static DatabaseVendor of(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            return ofProduct(connection.getMetaData().getDatabaseProductName());
        } catch (SQLException e) {
            throw new IllegalStateException("The database cannot be reached: " + e.getMessage(), e);
        }
    }

    static DatabaseVendor ofProduct(String product) {
        return switch (product) {
            case "H2" -> H2;
            case "PostgreSQL" -> POSTGRESQL;
            case "Oracle" -> ORACLE;
            default ->
                throw new IllegalArgumentException(
                        "There are no scripts for the database " + product + "; use H2, PostgreSQL or Oracle");
        };
    }

    String folder() {
        return name().toLowerCase(Locale.ROOT);
    }
}
