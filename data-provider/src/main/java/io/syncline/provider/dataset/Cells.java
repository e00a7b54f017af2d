package io.syncline.provider.dataset;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows as the texts of their columns, to and from JDBC. */
public final class Cells {

    private Cells() {}

    /** @param columns in the order of the statement's columns */
    public static @Nullable String[] read(ResultSet row, List<Column> columns) throws SQLException {
        var cells = new @Nullable String[columns.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = columns.get(i).type().read(row, i + 1);
        }
        return cells;
    }

    /** Reads the cells that are not there yet. */
    public static void readOthers(ResultSet row, List<Column> columns, @Nullable String[] cells) throws SQLException {
        for (int i = 0; i < cells.length; i++) {
            if (cells[i] == null) {
                cells[i] = columns.get(i).type().read(row, i + 1);
            }
        }
    }

    /** @param from place of the first parameter */
    public static void bind(PreparedStatement statement, int from, List<Column> columns, @Nullable String[] cells)
            throws SQLException {
        for (int i = 0; i < cells.length; i++) {
            bind(statement, from + i, columns.get(i), cells[i]);
        }
    }

    public static void bind(PreparedStatement statement, int index, Column column, @Nullable String cell)
            throws SQLException {
        if (cell == null) {
            statement.setNull(index, nullType(column));
        } else {
            statement.setObject(index, column.type().toJdbc(cell));
        }
    }

    private static int nullType(Column column) {
        return switch (column.type()) {
            case TEXT -> Types.VARCHAR;
            case FIXED_TEXT -> Types.CHAR;
            case NUMBER -> Types.NUMERIC;
            case BOOLEAN -> Types.BOOLEAN;
            case DAY -> Types.DATE;
            case LOCAL_TIME -> Types.TIMESTAMP;
            case INSTANT -> Types.TIMESTAMP_WITH_TIMEZONE;
        };
    }
}
