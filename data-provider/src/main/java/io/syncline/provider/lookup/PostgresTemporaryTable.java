package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A temporary table of this transaction alone, made with the types of the dataset's key, filled and joined. */
final class PostgresTemporaryTable implements Strategy {

    private static final String NAME = "asked_key";

    private final KeyFilling filling;
    private final boolean analyze;
    private final Reading reading;

    PostgresTemporaryTable(KeyFilling filling, boolean analyze, Reading reading) {
        this.filling = filling;
        this.analyze = analyze;
        this.reading = reading;
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        var sql = new LookupSql(dataset);
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "create temporary table " + NAME + " on commit drop as " + sql.shapeOfKeys() + " with no data");
        }
        filling.fill(connection, NAME, dataset, keys);
        if (analyze) {
            try (var statement = connection.createStatement()) {
                statement.execute("analyze " + NAME);
            }
        }
        reading.rows(connection, sql.joined(NAME), statement -> {}, found);
    }
}
