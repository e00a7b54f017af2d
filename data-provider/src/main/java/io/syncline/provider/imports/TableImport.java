package io.syncline.provider.imports;

import io.syncline.provider.change.Changes;
import io.syncline.provider.dataset.Cells;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.DatasetSql;
import io.syncline.provider.dataset.RowId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the content of one table within the connection's transaction. Rows are compared by content and only what
 * differs is written; rows that the file no longer has are deleted at the end. In memory are one batch of rows and one
 * batch of keys.
 */
final class TableImport implements NewContent {

    private static final String INSERT_KEY = "insert into import_key (import_id, key_hash, line_no) values (?, ?, ?)";

    private static final String SELECT_KEYS =
            "select key_hash, line_no from import_key where import_id = ? and key_hash in (%s)";

    private static final String DELETE_KEYS = "delete from import_key where import_id = ?";

    private final Connection connection;
    private final Dataset dataset;
    private final DatasetSql sql;
    private final String importId;
    private final Flaws flaws;
    private final Changes changes;
    private final int batchRows;
    private final int[] keyPositions;
    private final PreparedStatement insertKey;
    private final PreparedStatement insert;
    private final @Nullable PreparedStatement update;
    private final PreparedStatement delete;
    private final Map<String, ImportRow> batch = new LinkedHashMap<>();

    private long inserted;
    private long updated;
    private long deleted;
    private long unchanged;

    TableImport(Connection connection, Dataset dataset, String importId, Flaws flaws, Changes changes, int batchRows)
            throws SQLException {
        this.connection = connection;
        this.dataset = dataset;
        this.sql = dataset.sql();
        this.importId = importId;
        this.flaws = flaws;
        this.changes = changes;
        // Composite keys take several places of a statement's parameters, of which PostgreSQL has 65,535.
        this.batchRows = Math.min(batchRows, 1000 / dataset.key().size());
        this.keyPositions = dataset.keyPositions();
        this.insertKey = connection.prepareStatement(INSERT_KEY);
        this.insert = connection.prepareStatement(sql.insert());
        this.update = sql.valueColumns().isEmpty() ? null : connection.prepareStatement(sql.update());
        this.delete = connection.prepareStatement(sql.delete());
    }

    @Override
    public void add(ImportRow row) throws SQLException {
        var id = row.id(dataset);
        var first = batch.putIfAbsent(id, row);
        if (first != null) {
            keyTwice(row.line(), first.line());
        }
        if (batch.size() >= batchRows) {
            flush();
        }
    }

    /** Writes the last batch and deletes what the file does not have. */
    @Override
    public void end() throws SQLException {
        flush();
        if (flaws.isEmpty()) {
            // Rows that were there before and are not in the file: without any, no key needs to be looked at.
            if (count() > inserted + updated + unchanged) {
                deleteOthers();
            }
        }
        try (var statement = connection.prepareStatement(DELETE_KEYS)) {
            statement.setString(1, importId);
            statement.executeUpdate();
        }
    }

    private void flush() throws SQLException {
        if (batch.isEmpty()) {
            return;
        }
        var hashes = new LinkedHashMap<String, ImportRow>();
        batch.forEach((id, row) -> hashes.put(ImportRow.hash(id), row));
        var seen = seen(new ArrayList<>(hashes.keySet()));
        seen.forEach((hash, line) -> {
            var row = hashes.get(hash);
            if (row != null) {
                keyTwice(row.line(), line);
            }
        });
        // Keys are kept also behind a flaw, so that all repeated ones are found; nothing of it is committed then.
        hashes.keySet().removeAll(seen.keySet());
        if (!hashes.isEmpty()) {
            for (var entry : hashes.entrySet()) {
                insertKey.setString(1, importId);
                insertKey.setString(2, entry.getKey());
                insertKey.setLong(3, entry.getValue().line());
                insertKey.addBatch();
            }
            insertKey.executeBatch();
        }
        if (flaws.isEmpty()) {
            write();
        }
        batch.clear();
    }

    private void write() throws SQLException {
        var existing = existing(batch.values().stream().map(ImportRow::cells).toList());
        var inserts = new ArrayList<@Nullable String[]>();
        var updates = new ArrayList<Update>();
        for (var entry : batch.entrySet()) {
            var cells = entry.getValue().cells();
            var old = existing.get(entry.getKey());
            if (old == null) {
                Cells.bind(insert, 1, dataset.columns(), cells);
                insert.addBatch();
                inserts.add(cells);
            } else if (Arrays.equals(old, cells)) {
                unchanged++;
            } else if (update != null) {
                int next = 1;
                for (int i = 0; i < cells.length; i++) {
                    if (!dataset.key().contains(dataset.columns().get(i))) {
                        Cells.bind(update, next++, dataset.columns().get(i), cells[i]);
                    }
                }
                bindKey(update, next, cells);
                update.addBatch();
                updates.add(new Update(old, cells));
            }
        }
        if (!inserts.isEmpty()) {
            insert.executeBatch();
        }
        if (!updates.isEmpty() && update != null) {
            update.executeBatch();
        }
        inserts.forEach(row -> changes.record(dataset, null, row));
        updates.forEach(row -> changes.record(dataset, row.before(), row.after()));
        inserted += inserts.size();
        updated += updates.size();
    }

    private record Update(
            @Nullable String[] before, @Nullable String[] after) {}

    /** The rows of the keys of these, which are whole rows. */
    private Map<String, @Nullable String[]> existing(Collection<@Nullable String[]> keys) throws SQLException {
        var rows = new HashMap<String, @Nullable String[]>();
        // A change says what was before: nobody else may change the row from here on.
        var statement = sql.selectByKeys(keys.size()) + (dataset.changes() ? " for update" : "");
        try (var select = connection.prepareStatement(statement)) {
            int next = 1;
            for (var row : keys) {
                next = bindKey(select, next, row);
            }
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    var row = new ImportRow(0, Cells.read(found, dataset.columns()));
                    rows.put(row.id(dataset), row.cells());
                }
            }
        }
        return rows;
    }

    private Map<String, Long> seen(List<String> hashes) throws SQLException {
        var marks = String.join(", ", Collections.nCopies(hashes.size(), "?"));
        var lines = new HashMap<String, Long>();
        try (var select = connection.prepareStatement(SELECT_KEYS.formatted(marks))) {
            select.setString(1, importId);
            for (int i = 0; i < hashes.size(); i++) {
                select.setString(i + 2, hashes.get(i));
            }
            try (var found = select.executeQuery()) {
                while (found.next()) {
                    lines.put(found.getString(1), found.getLong(2));
                }
            }
        }
        return lines;
    }

    private void deleteOthers() throws SQLException {
        try (var keys = connection.prepareStatement(sql.selectKeys())) {
            keys.setFetchSize(batchRows);
            try (var row = keys.executeQuery()) {
                var some = new LinkedHashMap<String, @Nullable String[]>();
                while (row.next()) {
                    var key = Cells.read(row, dataset.key());
                    some.put(ImportRow.hash(RowId.write(texts(key))), key);
                    if (some.size() == batchRows) {
                        deleteUnseen(some);
                    }
                }
                deleteUnseen(some);
            }
        }
    }

    private void deleteUnseen(Map<String, @Nullable String[]> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        keys.keySet().removeAll(seen(new ArrayList<>(keys.keySet())).keySet());
        var before = dataset.changes() && !keys.isEmpty()
                ? existing(keys.values().stream().map(this::rowOfKey).toList()).values()
                : List.<@Nullable String[]>of();
        for (var key : keys.values()) {
            Cells.bind(delete, 1, dataset.key(), key);
            delete.addBatch();
        }
        if (!keys.isEmpty()) {
            delete.executeBatch();
            before.forEach(row -> changes.record(dataset, row, null));
            deleted += keys.size();
        }
        keys.clear();
    }

    /** Nothing but its key is known of the row. */
    private @Nullable String[] rowOfKey(@Nullable String[] key) {
        var cells = new @Nullable String[dataset.columns().size()];
        for (int i = 0; i < key.length; i++) {
            cells[keyPositions[i]] = key[i];
        }
        return cells;
    }

    private long count() throws SQLException {
        try (var statement = connection.prepareStatement(sql.count());
                var row = statement.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private void keyTwice(long line, long first) {
        flaws.add(
                line,
                String.join(",", dataset.keyNames()),
                "this key stands in line " + first + " already",
                "key-twice");
    }

    private int bindKey(PreparedStatement statement, int from, @Nullable String[] cells) throws SQLException {
        int next = from;
        for (int i = 0; i < keyPositions.length; i++) {
            Cells.bind(statement, next++, dataset.key().get(i), cells[keyPositions[i]]);
        }
        return next;
    }

    private static List<String> texts(@Nullable String[] key) {
        var texts = new ArrayList<String>();
        for (var part : key) {
            texts.add(part == null ? "" : part);
        }
        return texts;
    }

    @Override
    public long inserted() {
        return inserted;
    }

    @Override
    public long updated() {
        return updated;
    }

    @Override
    public long deleted() {
        return deleted;
    }

    @Override
    public long unchanged() {
        return unchanged;
    }

    @Override
    public void close() throws SQLException {
        insertKey.close();
        insert.close();
        if (update != null) {
            update.close();
        }
        delete.close();
    }
}
