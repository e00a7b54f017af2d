package io.syncline.provider.lookup;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Binds keys one after the other, each with all its parts. */
final class KeyBinding {

    private KeyBinding() {}

    static void bind(PreparedStatement statement, List<Object[]> keys) throws SQLException {
        int next = 1;
        for (var key : keys) {
            for (var part : key) {
                statement.setObject(next++, part);
            }
        }
    }

    /** The texts of one part of all keys, for an array or a file that the database reads. */
    static Object[] part(List<Object[]> keys, int part) {
        return keys.stream().map(key -> key[part]).toArray();
    }
}
