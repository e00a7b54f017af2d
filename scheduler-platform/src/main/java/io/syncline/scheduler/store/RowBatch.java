package io.syncline.scheduler.store;

import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes many rows of one table at once: one statement on PostgreSQL (the rows travel as one JSON array, which its planner
 * takes for a hundred rows, so a single row has a plain statement), a JDBC batch elsewhere. Rows carry a key and, for
 * updates, columns that must still be as the writer saw them.
 *
 * @param <T> what a row is made from
 */
public final class RowBatch<T> {

    /** What a column holds; the name is PostgreSQL's type. */
    public enum ColumnType {
        TEXT,
        INTEGER,
        BIGINT,
        SMALLINT,
        TIMESTAMPTZ
    }

    private record Column<T>(
            String name, ColumnType type, Function<T, @Nullable Object> reader, SerializedString jsonName) {

        Column(String name, ColumnType type, Function<T, @Nullable Object> reader) {
            this(name, type, reader, new SerializedString(name));
        }
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String table;
    private final List<Column<T>> keys = new ArrayList<>();
    private final List<Column<T>> guards = new ArrayList<>();
    private final List<Column<T>> columns = new ArrayList<>();

    /** Made once: a text that is built anew for each batch would also be hashed and parsed anew. */
    private volatile @Nullable Statements<T> made;

    private record Statements<T>(
            List<Column<T>> all, String insertOne, String updateOne, String insertFromJson, String updateFromJson) {}

    private RowBatch(String table) {
        this.table = table;
    }

    public static <T> RowBatch<T> of(String table) {
        return new RowBatch<>(table);
    }

    /** Identifies the row. */
    public RowBatch<T> key(String name, ColumnType type, Function<T, @Nullable Object> reader) {
        keys.add(new Column<>(name, type, reader));
        made = null;
        return this;
    }

    /** A number that must be as it was read; an update raises it by one. */
    public RowBatch<T> guard(String name, ColumnType type, Function<T, @Nullable Object> reader) {
        guards.add(new Column<>(name, type, reader));
        made = null;
        return this;
    }

    public RowBatch<T> column(String name, ColumnType type, Function<T, @Nullable Object> reader) {
        columns.add(new Column<>(name, type, reader));
        made = null;
        return this;
    }

    public void insert(NamedParameterJdbcOperations jdbc, SqlDialect dialect, Collection<T> rows) {
        if (rows.isEmpty()) {
            return;
        }
        if (dialect == SqlDialect.POSTGRESQL && rows.size() > 1) {
            jdbc.update(statements().insertFromJson(), Map.of("rows", json(rows)));
        } else {
            jdbc.batchUpdate(statements().insertOne(), parameters(rows));
        }
    }

    /** Updates each row whose guards still hold; the ones returned are those that this writer changed. */
    public Set<T> update(NamedParameterJdbcOperations jdbc, SqlDialect dialect, Collection<T> rows) {
        if (rows.isEmpty()) {
            return Set.of();
        }
        var changed = new HashSet<T>();
        if (dialect == SqlDialect.POSTGRESQL && rows.size() > 1) {
            var byKey = new LinkedHashMap<String, T>();
            for (T row : rows) {
                byKey.put(keyText(row), row);
            }
            var returned = jdbc.query(statements().updateFromJson(), Map.of("rows", json(rows)), (result, number) -> {
                var parts = new ArrayList<String>();
                for (int i = 1; i <= keys.size(); i++) {
                    parts.add(result.getString(i));
                }
                return String.join("\n", parts);
            });
            returned.forEach(key -> {
                var row = byKey.get(key);
                if (row != null) {
                    changed.add(row);
                }
            });
        } else {
            var counts = jdbc.batchUpdate(statements().updateOne(), parameters(rows));
            int i = 0;
            for (T row : rows) {
                if (counts[i++] != 0) {
                    changed.add(row);
                }
            }
        }
        return changed;
    }

    private Statements<T> statements() {
        var known = made;
        if (known == null) {
            known = new Statements<>(all(), insertOne(), updateOne(), insertFromJson(), updateFromJson());
            made = known;
        }
        return known;
    }

    /** The statement for one row that every database understands. */
    public String insertOne() {
        var all = all();
        return "insert into " + table + " (" + names(all, "") + ") values (" + names(all, ":") + ")";
    }

    /** The statement for one row that every database understands. */
    public String updateOne() {
        var sets = columns.stream().map(column -> column.name() + " = :" + column.name());
        var raised = guards.stream().map(guard -> guard.name() + " = " + guard.name() + " + 1");
        var where = concat(keys, guards).stream().map(column -> column.name() + " = :" + column.name());
        return "update " + table + " set "
                + java.util.stream.Stream.concat(sets, raised).collect(Collectors.joining(", ")) + " where "
                + where.collect(Collectors.joining(" and "));
    }

    private String insertFromJson() {
        var all = all();
        return "insert into " + table + " (" + names(all, "") + ") select " + names(all, "") + " from "
                + recordset(all);
    }

    private String updateFromJson() {
        var sets = columns.stream().map(column -> column.name() + " = c." + column.name());
        var raised = guards.stream().map(guard -> guard.name() + " = t." + guard.name() + " + 1");
        var where = concat(keys, guards).stream().map(column -> "t." + column.name() + " = c." + column.name());
        return "update " + table + " t set "
                + java.util.stream.Stream.concat(sets, raised).collect(Collectors.joining(", ")) + " from "
                + recordset(all()) + " where " + where.collect(Collectors.joining(" and ")) + " returning "
                + names(keys, "t.");
    }

    private static <T> String names(List<Column<T>> columns, String prefix) {
        return columns.stream().map(column -> prefix + column.name()).collect(Collectors.joining(", "));
    }

    private static <T> String recordset(List<Column<T>> columns) {
        return columns.stream()
                .map(column -> column.name() + " " + column.type().name().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(", ", "json_to_recordset(cast(:rows as json)) as c(", ")"));
    }

    private List<Column<T>> all() {
        return concat(concat(keys, guards), columns);
    }

    private static <T> List<Column<T>> concat(List<Column<T>> first, List<Column<T>> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private String keyText(T row) {
        return keys.stream().map(key -> String.valueOf(key.reader().apply(row))).collect(Collectors.joining("\n"));
    }

    /** A column that a row does not name is null there. */
    private String json(Collection<T> rows) {
        var all = statements().all();
        var out = new StringWriter(rows.size() * all.size() * 32);
        try (var json = JSON.createGenerator(out)) {
            json.writeStartArray();
            for (T row : rows) {
                json.writeStartObject();
                for (Column<T> column : all) {
                    var content = storable(column.reader().apply(row));
                    if (content != null) {
                        json.writeName(column.jsonName());
                        write(json, content);
                    }
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return out.toString();
    }

    private static void write(JsonGenerator json, Object content) {
        if (content instanceof String text) {
            json.writeString(text);
        } else if (content instanceof Integer number) {
            json.writeNumber(number);
        } else if (content instanceof Long number) {
            json.writeNumber(number);
        } else {
            json.writeString(content.toString());
        }
    }

    private MapSqlParameterSource[] parameters(Collection<T> rows) {
        return rows.stream()
                .map(row -> {
                    var source = new MapSqlParameterSource();
                    for (Column<T> column : statements().all()) {
                        source.addValue(column.name(), storable(column.reader().apply(row)), sqlType(column.type()));
                    }
                    return source;
                })
                .toArray(MapSqlParameterSource[]::new);
    }

    private static int sqlType(ColumnType type) {
        return switch (type) {
            case TEXT -> java.sql.Types.VARCHAR;
            case INTEGER -> java.sql.Types.INTEGER;
            case BIGINT -> java.sql.Types.BIGINT;
            case SMALLINT -> java.sql.Types.SMALLINT;
            case TIMESTAMPTZ -> java.sql.Types.TIMESTAMP_WITH_TIMEZONE;
        };
    }

    /** No database keeps NUL in a text, and an empty text is null on Oracle, so neither is ever written. */
    private static @Nullable Object storable(@Nullable Object content) {
        if (content instanceof Instant instant) {
            return JdbcTimes.toJdbc(instant);
        }
        if (content instanceof Enum<?> constant) {
            return constant.name();
        }
        if (content instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (content instanceof String text) {
            return text.isEmpty() ? null : text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
        }
        return content;
    }
}
