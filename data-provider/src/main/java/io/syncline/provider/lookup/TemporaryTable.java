package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * A temporary table of this transaction alone, made with the types of the dataset's key, filled and joined. H2's global
 * temporary tables are gone when the database is closed, and PostgreSQL has none, so it is made each time.
 */
final class TemporaryTable implements Strategy {

    private static final String NAME = "asked_key";

    private final SqlDialect dialect;
    private final KeyFilling filling;
    private final boolean analyze;
    private final Reading reading;

    TemporaryTable(SqlDialect dialect, KeyFilling filling, boolean analyze, Reading reading) {
        this.dialect = dialect;
        this.filling = filling;
        this.analyze = analyze;
        this.reading = reading;
    }

    @Override
    public Optional<String> refusal(Dataset dataset, int keys) {
        return Optional.empty();
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        var sql = new LookupSql(dataset);
        execute(connection, create(sql));
        filling.fill(connection, NAME, dataset, keys);
        if (analyze) {
            execute(connection, (dialect == SqlDialect.H2 ? "analyze table " : "analyze ") + NAME);
        }
        reading.rows(connection, sql.joined(NAME), statement -> {}, found);
    }

    private String create(LookupSql sql) {
        return dialect == SqlDialect.H2
                // TRANSACTIONAL: it does not commit.
                ? "create local temporary table " + NAME + " on commit drop transactional as " + sql.shapeOfKeys()
                        + " where 1 = 0"
                : "create temporary table " + NAME + " on commit drop as " + sql.shapeOfKeys() + " with no data";
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
