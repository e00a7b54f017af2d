package io.syncline.provider.dataset;

import io.syncline.provider.dataset.ProviderProperties.DatasetSettings;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one dataset's settings against the metadata of its table and collects all that is wrong with them. */
final class DatasetReader {

    private final Connection connection;
    private final DatabaseMetaData metadata;

    DatasetReader(Connection connection) throws SQLException {
        this.connection = connection;
        this.metadata = connection.getMetaData();
    }

    /** @return empty when there are faults */
    Optional<Dataset> read(DatasetSettings settings, List<String> faults) throws SQLException {
        var own = new ArrayList<String>();
        var dataset = read(settings, own, settings.table().split("\\.", -1));
        own.forEach(fault -> faults.add("dataset '" + settings.name() + "': " + fault));
        return own.isEmpty() ? Optional.ofNullable(dataset) : Optional.empty();
    }

    private @Nullable Dataset read(DatasetSettings settings, List<String> faults, String[] path) throws SQLException {
        if (!SqlNames.isDatasetName(settings.name())) {
            faults.add("a name is a lower-case DNS label of at most 63 characters");
        }
        if (path.length > 2 || !List.of(path).stream().allMatch(SqlNames::isIdentifier)) {
            faults.add("'" + settings.table() + "' is no table name: letters, digits and _, a schema and a dot before");
            return null;
        }
        var schema = path.length == 2 ? stored(path[0]) : currentSchema();
        var table = stored(path[path.length - 1]);
        var found = columns(schema, table);
        if (found.isEmpty()) {
            faults.add("there is no table '" + settings.table() + "', or it may not be read");
            return null;
        }
        var columns = new LinkedHashMap<String, Column>();
        if (settings.columns().isEmpty()) {
            found.values().forEach(column -> add(columns, column.name().toLowerCase(Locale.ROOT), column, faults));
        }
        for (var name : settings.columns()) {
            var configured = settings.sqlName(name);
            var sqlName = configured != null ? configured : SqlNames.ofWireName(name);
            if (!SqlNames.isIdentifier(name) || !SqlNames.isIdentifier(sqlName)) {
                faults.add("'" + name + "' (in the table '" + sqlName + "') is no column name");
                continue;
            }
            var column = found.get(stored(sqlName));
            if (column == null) {
                faults.add("the table has no column '" + sqlName + "' for '" + name + "'");
            } else if (columns.containsKey(name)) {
                faults.add("the column '" + name + "' is named twice");
            } else {
                add(columns, name, column, faults);
            }
        }
        if (!columns.keySet().containsAll(settings.sqlNames().keySet())) {
            faults.add("sql-names gives a name to columns that are not among the columns");
        }
        if (settings.captured() && !settings.writtenElsewhere()) {
            faults.add("what is captured is written elsewhere; say so with written-elsewhere: true");
        }
        var key = key(settings, columns, faults);
        if (!faults.isEmpty()) {
            return null;
        }
        var dataset = new Dataset(
                settings.name(),
                (path.length == 2 ? SqlNames.quoted(schema) + "." : "") + SqlNames.quoted(table),
                settings.table(),
                List.copyOf(columns.values()),
                key,
                settings.triggerOnImport(),
                settings.triggerType(),
                settings.writtenElsewhere(),
                settings.changes() || settings.captured(),
                settings.captured(),
                new FileForm(settings.charset(), Set.copyOf(settings.nullTexts())));
        probe(dataset, faults);
        return dataset;
    }

    private static List<Column> key(DatasetSettings settings, Map<String, Column> columns, List<String> faults) {
        if (settings.key().isEmpty() && (settings.changes() || settings.captured())) {
            faults.add("changes are told by key, and it has none");
        }
        if (new HashSet<>(settings.key()).size() != settings.key().size()) {
            faults.add("a column of the key is named twice");
        }
        var key = new ArrayList<Column>();
        for (var name : settings.key()) {
            var column = columns.get(name);
            if (column == null) {
                faults.add("the key's column '" + name + "' is not among its columns");
            } else {
                key.add(column);
            }
        }
        return List.copyOf(key);
    }

    private static void add(Map<String, Column> columns, String name, Found found, List<String> faults) {
        var type = ColumnType.of(found.jdbcType(), found.typeName());
        if (type.isEmpty()) {
            faults.add(
                    "the column '" + found.name() + "' has a type that cannot be copied as text: " + found.typeName());
            return;
        }
        columns.put(
                name,
                new Column(
                        name,
                        SqlNames.quoted(found.name()),
                        type.get(),
                        found.maxLength(),
                        found.required(),
                        new StoredType(found.jdbcType(), found.typeName(), found.size(), found.scale())));
    }

    /** Whether the table can really be read, beyond being listed. */
    private void probe(Dataset dataset, List<String> faults) {
        try (var statement = connection.prepareStatement(dataset.sql().probe());
                var none = statement.executeQuery()) {
            none.next();
        } catch (SQLException refused) {
            faults.add("the table cannot be read: " + refused.getMessage());
        }
    }

    private String stored(String name) throws SQLException {
        if (metadata.storesUpperCaseIdentifiers()) {
            return name.toUpperCase(Locale.ROOT);
        }
        return metadata.storesLowerCaseIdentifiers() ? name.toLowerCase(Locale.ROOT) : name;
    }

    private String currentSchema() throws SQLException {
        var schema = connection.getSchema();
        if (schema == null) {
            throw new IllegalStateException("The database connection has no schema");
        }
        return schema;
    }

    private Map<String, Found> columns(String schema, String table) throws SQLException {
        var columns = new LinkedHashMap<String, Found>();
        var escape = metadata.getSearchStringEscape();
        try (var rows = metadata.getColumns(null, literal(schema, escape), literal(table, escape), "%")) {
            while (rows.next()) {
                var name = rows.getString("COLUMN_NAME");
                var type = rows.getInt("DATA_TYPE");
                columns.put(
                        name,
                        new Found(
                                name,
                                type,
                                rows.getString("TYPE_NAME"),
                                maxLength(type, rows.getString("TYPE_NAME"), rows.getInt("COLUMN_SIZE")),
                                rows.getInt("COLUMN_SIZE"),
                                rows.getInt("DECIMAL_DIGITS"),
                                rows.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls));
            }
        }
        return columns;
    }

    private static int maxLength(int jdbcType, String typeName, int size) {
        var type = ColumnType.of(jdbcType, typeName);
        var text = type.isPresent() && (type.get() == ColumnType.TEXT || type.get() == ColumnType.FIXED_TEXT);
        // PostgreSQL says 2147483647 for a text without bound.
        return text && size > 0 && size < 100_000_000 ? size : 0;
    }

    private static String literal(String name, String escape) {
        return name.replace("_", escape + "_").replace("%", escape + "%");
    }

    private record Found(
            String name, int jdbcType, String typeName, int maxLength, int size, int scale, boolean required) {}
}
