package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** One statement for each thousand keys; Oracle takes no longer list. */
final class InLists implements Strategy {

    private final int batchRows;
    private final Reading reading;

    InLists(int batchRows, Reading reading) {
        this.batchRows = batchRows;
        this.reading = reading;
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        var sql = new LookupSql(dataset);
        int whole = keys.size() / batchRows * batchRows;
        if (whole > 0) {
            try (var statement = connection.prepareStatement(sql.inList(batchRows))) {
                for (int from = 0; from < whole; from += batchRows) {
                    var some = keys.subList(from, from + batchRows);
                    reading.rows(statement, list -> KeyBinding.bind(list, some), found);
                }
            }
        }
        if (whole < keys.size()) {
            var rest = keys.subList(whole, keys.size());
            reading.rows(connection, sql.inList(rest.size()), list -> KeyBinding.bind(list, rest), found);
        }
    }
}
