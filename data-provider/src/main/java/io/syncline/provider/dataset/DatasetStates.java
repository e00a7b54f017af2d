package io.syncline.provider.dataset;

import io.syncline.provider.store.JdbcTimes;
import io.syncline.provider.store.SqlDialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code dataset_state}: one row a configured dataset. */
@Repository
public class DatasetStates {

    private static final String COLUMNS = "dataset_name, as_of, imported_at, row_count, import_id";

    private static final String INSERT = "insert into dataset_state (dataset_name) values (:name)";

    private static final String EXISTS = "select count(*) from dataset_state where dataset_name = :name";

    private static final String ALL = "select " + COLUMNS + " from dataset_state";

    private static final String ONE = "select " + COLUMNS + " from dataset_state where dataset_name = :name";

    private static final String LOCK =
            "select " + COLUMNS + " from dataset_state where dataset_name = :name for update nowait";

    private static final String AS_OF = "select as_of from dataset_state where dataset_name = ?";

    private static final String IMPORTED = """
            update dataset_state
               set as_of = :asOf, imported_at = :importedAt, row_count = :rows, import_id = :importId
             where dataset_name = :name
            """;

    private static final String SEEN = """
            update dataset_state
               set as_of = :asOf, row_count = :rows
             where dataset_name = :name and (as_of is null or as_of < :asOf)
            """;

    private final JdbcClient jdbc;
    private final SqlDialect dialect;

    DatasetStates(JdbcClient jdbc, SqlDialect dialect, Datasets datasets) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        datasets.all().forEach(dataset -> register(dataset.name()));
    }

    private void register(String name) {
        if (jdbc.sql(EXISTS).param("name", name).query(Long.class).single() > 0) {
            return;
        }
        try {
            jdbc.sql(INSERT).param("name", name).update();
        } catch (DuplicateKeyException another) {
            // Another instance that starts at the same moment registered it.
        }
    }

    public List<DatasetState> all() {
        return jdbc.sql(ALL).query(DatasetStates::read).list();
    }

    public DatasetState get(String name) {
        return jdbc.sql(ONE).param("name", name).query(DatasetStates::read).single();
    }

    /**
     * Keeps other imports of the dataset out until the transaction ends.
     *
     * @return empty, at once, when another import is in
     */
    public Optional<DatasetState> lock(String name) {
        try {
            return jdbc.sql(LOCK).param("name", name).query(DatasetStates::read).optional();
        } catch (DataAccessException refused) {
            if (dialect.isHeldByAnother(refused)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Read within the snapshot of the connection's transaction. */
    public Optional<Instant> asOf(Connection snapshot, String name) throws SQLException {
        try (var statement = snapshot.prepareStatement(AS_OF)) {
            statement.setString(1, name);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(JdbcTimes.instantOrNull(row, "as_of")) : Optional.empty();
            }
        }
    }

    public void imported(String name, Instant asOf, Instant importedAt, long rows, String importId) {
        jdbc.sql(IMPORTED)
                .param("name", name)
                .param("asOf", JdbcTimes.toJdbc(asOf))
                .param("importedAt", JdbcTimes.toJdbc(importedAt))
                .param("rows", rows)
                .param("importId", importId)
                .update();
    }

    /** An extract of a table that is written elsewhere saw it so; a later sight stays. */
    public void seen(String name, Instant asOf, long rows) {
        jdbc.sql(SEEN)
                .param("name", name)
                .param("asOf", JdbcTimes.toJdbc(asOf))
                .param("rows", rows)
                .update();
    }

    /** The next {@code asOf}: now, but always later than the last one, whatever the clock did. */
    public static Instant nextAsOf(@Nullable Instant last, Instant now) {
        return last == null || now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
    }

    private static DatasetState read(ResultSet row, int number) throws SQLException {
        var rows = row.getLong("row_count");
        var known = !row.wasNull();
        return new DatasetState(
                row.getString("dataset_name"),
                JdbcTimes.instantOrNull(row, "as_of"),
                JdbcTimes.instantOrNull(row, "imported_at"),
                known ? rows : null,
                row.getString("import_id"));
    }
}
