package io.syncline.migrations;

import java.sql.SQLException;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.sql.DataSource;

/** The tables of a schema with their columns, in lower case, without the history tables. */
final class Columns {

    private Columns() {}

    static SortedMap<String, SortedSet<String>> of(DataSource dataSource) {
        var tables = new TreeMap<String, SortedSet<String>>();
        try (var connection = dataSource.getConnection();
                var columns = connection
                        .getMetaData()
                        .getColumns(connection.getCatalog(), connection.getSchema(), "%", "%")) {
            while (columns.next()) {
                var table = columns.getString("TABLE_NAME").toLowerCase(Locale.ROOT);
                if (!table.endsWith("schema_history") && isTable(connection, columns.getString("TABLE_NAME"))) {
                    tables.computeIfAbsent(table, name -> new TreeSet<>())
                            .add(columns.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return tables;
    }

    private static boolean isTable(java.sql.Connection connection, String name) throws SQLException {
        // Indexes and sequences of PostgreSQL have columns in its metadata, too.
        try (var table =
                connection.getMetaData().getTables(connection.getCatalog(), connection.getSchema(), name, null)) {
            while (table.next()) {
                if (table.getString("TABLE_TYPE").endsWith("TABLE") && name.equals(table.getString("TABLE_NAME"))) {
                    return true;
                }
            }
            return false;
        }
    }
}
