package io.syncline.provider.social;

import io.syncline.provider.change.Changes;
import io.syncline.provider.dataset.Cells;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.dataset.RowId;
import io.syncline.provider.problem.ProblemException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Writes rows of these tables, many at a time, and records what it did. Each method takes part in the caller's
 * transaction; the rows that it finds are locked until its end.
 */
@Component
class SocialRows {

    /** Oracle takes at most 1000 members of an IN list, and keys have up to two columns. */
    static final int AT_ONCE = 500;

    private final JdbcTemplate jdbc;
    private final Changes changes;
    private final Map<SocialTable, Dataset> datasets = new EnumMap<>(SocialTable.class);

    SocialRows(JdbcTemplate jdbc, Changes changes, Datasets configured) {
        this.jdbc = jdbc;
        this.changes = changes;
        for (var table : SocialTable.values()) {
            configured
                    .find(table.dataset())
                    .filter(dataset -> serves(dataset, table))
                    .ifPresent(dataset -> datasets.put(table, dataset));
        }
    }

    private static boolean serves(Dataset dataset, SocialTable table) {
        return dataset.tableName().equalsIgnoreCase(table.table())
                && dataset.columnNames().equals(table.columns());
    }

    /** What became of the rows that were put. */
    record Counts(int created, int updated, int unchanged) {}

    /** @throws ProblemException 404 where the configuration does not have it */
    Dataset dataset(SocialTable table) {
        var dataset = datasets.get(table);
        if (dataset == null) {
            throw ProblemException.of(404, "not-served-here", "This service does not keep people and tweets")
                    .detail("Its configuration lacks the dataset '" + table.dataset() + "' over the table '"
                            + table.table() + "' with the columns " + String.join(", ", table.columns()));
        }
        return dataset;
    }

    /** The row as it stands, locked. */
    Optional<@Nullable String[]> find(SocialTable table, String... key) {
        var dataset = dataset(table);
        var row = new @Nullable String[dataset.columns().size()];
        for (int i = 0; i < key.length; i++) {
            row[dataset.keyPositions()[i]] = key[i];
        }
        return Optional.ofNullable(
                locked(dataset, List.<@Nullable String[]>of(row)).get(id(dataset, row)));
    }

    /** Makes the rows that are not there. @param rows at most {@link #AT_ONCE}, of different keys. @return how many */
    int add(SocialTable table, Collection<@Nullable String[]> rows) {
        var dataset = dataset(table);
        var existing = locked(dataset, rows);
        var created = rows.stream()
                .filter(row -> !existing.containsKey(id(dataset, row)))
                .toList();
        create(dataset, created);
        return created.size();
    }

    /** Rows that stand there so already are left alone. @param rows at most {@link #AT_ONCE}, of different keys */
    Counts put(SocialTable table, Collection<@Nullable String[]> rows) {
        var dataset = dataset(table);
        var existing = locked(dataset, rows);
        var created = new ArrayList<@Nullable String[]>();
        var updated = new ArrayList<Update>();
        for (var row : rows) {
            var old = existing.get(id(dataset, row));
            if (old == null) {
                created.add(row);
            } else if (!Arrays.equals(old, row)) {
                updated.add(new Update(old, row));
            }
        }
        create(dataset, created);
        batch(dataset.sql().update(), updated, (statement, row) -> bindUpdate(statement, dataset, row.after()));
        updated.forEach(row -> changes.record(dataset, row.before(), row.after()));
        return new Counts(created.size(), updated.size(), rows.size() - created.size() - updated.size());
    }

    private void create(Dataset dataset, List<@Nullable String[]> rows) {
        batch(dataset.sql().insert(), rows, (statement, row) -> Cells.bind(statement, 1, dataset.columns(), row));
        rows.forEach(row -> changes.record(dataset, null, row));
    }

    private record Update(
            @Nullable String[] before, @Nullable String[] after) {}

    /** @param keys at most {@link #AT_ONCE}, each as the key's columns. @return how many were there */
    int delete(SocialTable table, List<String[]> keys) {
        if (keys.isEmpty()) {
            return 0;
        }
        var dataset = dataset(table);
        var positions = dataset.keyPositions();
        var rows = keys.stream()
                .map(key -> {
                    var row = new @Nullable String[dataset.columns().size()];
                    for (int i = 0; i < key.length; i++) {
                        row[positions[i]] = key[i];
                    }
                    return row;
                })
                .toList();
        var existing = List.copyOf(locked(dataset, rows).values());
        batch(dataset.sql().delete(), existing, (statement, row) -> bindKey(statement, 1, dataset, row));
        existing.forEach(row -> changes.record(dataset, row, null));
        return existing.size();
    }

    private Map<String, @Nullable String[]> locked(Dataset dataset, Collection<@Nullable String[]> rows) {
        var found = new LinkedHashMap<String, @Nullable String[]>();
        if (rows.isEmpty()) {
            return found;
        }
        if (rows.size() > AT_ONCE) {
            throw new IllegalArgumentException(rows.size() + " rows at once");
        }
        jdbc.execute((ConnectionCallback<Boolean>) connection -> {
            lock(connection, dataset, rows, found);
            return true;
        });
        return found;
    }

    private static void lock(
            Connection connection,
            Dataset dataset,
            Collection<@Nullable String[]> rows,
            Map<String, @Nullable String[]> found)
            throws SQLException {
        try (var select = connection.prepareStatement(dataset.sql().selectByKeys(rows.size()) + " for update")) {
            int next = 1;
            for (var row : rows) {
                next = bindKey(select, next, dataset, row);
            }
            try (var result = select.executeQuery()) {
                while (result.next()) {
                    var row = Cells.read(result, dataset.columns());
                    found.put(id(dataset, row), row);
                }
            }
        }
    }

    private static String id(Dataset dataset, @Nullable String[] row) {
        return RowId.write(Arrays.stream(dataset.keyPositions())
                .mapToObj(position -> String.valueOf(row[position]))
                .toList());
    }

    private static int bindKey(PreparedStatement statement, int from, Dataset dataset, @Nullable String[] row)
            throws SQLException {
        int next = from;
        for (int position : dataset.keyPositions()) {
            Cells.bind(statement, next++, dataset.columns().get(position), row[position]);
        }
        return next;
    }

    private static void bindUpdate(PreparedStatement statement, Dataset dataset, @Nullable String[] row)
            throws SQLException {
        int next = 1;
        for (int i = 0; i < row.length; i++) {
            var column = dataset.columns().get(i);
            if (!dataset.key().contains(column)) {
                Cells.bind(statement, next++, column, row[i]);
            }
        }
        bindKey(statement, next, dataset, row);
    }

    private interface Binding<R> {
        void bind(PreparedStatement statement, R row) throws SQLException;
    }

    private <R> void batch(String sql, List<R> rows, Binding<R> binding) {
        if (!rows.isEmpty()) {
            jdbc.batchUpdate(sql, rows, rows.size(), binding::bind);
        }
    }
}
