package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.Subscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Fills the provider's table of subscribers: with the profiles of the published sample where it is at hand. */
final class SubscriberTable {

    private static final int BATCH = 1_000;

    private SubscriberTable() {}

    static void fill(DataSource dataSource, int rows) throws SQLException {
        var sample = System.getenv("SYNCLINE_SAMPLE_DATA");
        var file = Path.of(sample == null ? "." : sample, "telco-churn", "Telco-Customer-Churn.csv.gz");
        var subscribers = Files.exists(file) ? Subscribers.like(file) : Subscribers.madeUp();
        try (var connection = dataSource.getConnection()) {
            if (connection.isWrapperFor(PGConnection.class)) {
                copy(connection, subscribers, rows);
            } else {
                insert(connection, subscribers, rows);
            }
        }
    }

    private static void copy(Connection connection, Subscribers subscribers, int rows) throws SQLException {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy subscribers from stdin");
        var lines = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            var row = subscribers.row(i);
            for (int column = 0; column < row.length; column++) {
                lines.append(row[column] == null ? "\\N" : row[column]).append(column + 1 < row.length ? '\t' : '\n');
            }
            if (i % BATCH == BATCH - 1 || i == rows - 1) {
                var bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
                copy.writeToCopy(bytes, 0, bytes.length);
                lines.setLength(0);
            }
        }
        copy.endCopy();
        try (var statement = connection.createStatement()) {
            statement.execute("vacuum (analyze) subscribers");
        }
    }

    private static void insert(Connection connection, Subscribers subscribers, int rows) throws SQLException {
        var marks = String.join(", ", Collections.nCopies(Subscribers.COLUMNS.size(), "?"));
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement("insert into subscribers values (" + marks + ")")) {
            for (int i = 0; i < rows; i++) {
                var row = subscribers.row(i);
                for (int column = 0; column < row.length; column++) {
                    insert.setString(column + 1, row[column]);
                }
                insert.addBatch();
                if (i % BATCH == BATCH - 1 || i == rows - 1) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
        connection.setAutoCommit(true);
        try (var statement = connection.createStatement()) {
            statement.execute("analyze");
        }
    }
}
