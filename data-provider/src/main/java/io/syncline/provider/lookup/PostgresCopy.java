package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Fills by COPY in its text format; what stands out of line there is written behind a backslash. */
final class PostgresCopy implements KeyFilling {

    private static final int CHARACTERS_AT_ONCE = 32 * 1024;

    @Override
    public void fill(Connection connection, String table, Dataset dataset, List<Object[]> keys) throws SQLException {
        var columns = new LookupSql(dataset).numbered(i -> "key_" + i);
        var copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + table + " (" + columns + ") from stdin");
        try {
            var lines = new StringBuilder(CHARACTERS_AT_ONCE + 1024);
            for (var key : keys) {
                for (int i = 0; i < key.length; i++) {
                    append(lines, key[i]);
                    lines.append(i + 1 < key.length ? '\t' : '\n');
                }
                if (lines.length() >= CHARACTERS_AT_ONCE) {
                    send(copy, lines);
                }
            }
            send(copy, lines);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void send(CopyIn copy, StringBuilder lines) throws SQLException {
        var bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        lines.setLength(0);
    }

    static void append(StringBuilder line, Object part) {
        var text = part instanceof BigDecimal number ? number.toPlainString() : part.toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> line.append("\\\\");
                case '\t' -> line.append("\\t");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                default -> line.append(c);
            }
        }
    }
}
