package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Reads all rows; whoever takes them keeps those that were asked for. */
final class FullRead implements Strategy {

    private final Reading reading;

    FullRead(Reading reading) {
        this.reading = reading;
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        reading.rows(connection, new LookupSql(dataset).all(), statement -> {}, found);
    }
}
