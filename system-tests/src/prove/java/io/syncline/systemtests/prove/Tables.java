package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.history.Event;
import io.syncline.systemtests.history.History;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** Brings rows of the database into a history: each is an event, and each column a field by its label. */
final class Tables {

    private static final String DATABASE = "database";

    private final History history;

    Tables(History history) {
        this.history = history;
    }

    /** A column {@code at} is when it happened; the others that are times are told in microseconds. */
    void read(Connection connection, String kind, String query) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(1000);
            try (var rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    history.add(event(kind, rows));
                }
            }
        }
    }

    private Event event(String kind, ResultSet row) throws SQLException {
        var fields = new ArrayList<Object>();
        var at = history.now();
        var columns = row.getMetaData();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            var name = columns.getColumnLabel(i);
            var content = row.getObject(i);
            if (content == null) {
                continue;
            }
            if (name.equals("body")) {
                fields.addAll(List.of("content", content(content.toString())));
            } else if (name.equals("applied")) {
                fields.addAll(List.of(name, row.getInt(i) != 0));
            } else if (content instanceof Timestamp time) {
                if (name.equals("at")) {
                    at = History.micros(time.toInstant());
                } else {
                    fields.addAll(List.of(name, History.micros(time.toInstant())));
                }
            } else {
                fields.addAll(List.of(
                        name,
                        content instanceof Number number
                                ? (Object) number.longValue()
                                : content instanceof Boolean ? content : content.toString()));
            }
        }
        return Event.of(DATABASE, at, kind, fields.toArray());
    }

    /** What the driver put into a message. */
    private static String content(String body) {
        return Http.JSON.readTree(body).path("data").path("content").asString("");
    }
}
