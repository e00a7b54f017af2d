package io.syncline.provider.lookup;

import io.syncline.provider.dataset.ColumnType;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.StoredType;
import io.syncline.provider.store.SqlDialect;
import java.io.IOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;

/** Keys as array parameters: compared with {@code = any(?)}, or unfolded to rows and joined. */
final class KeyArrays implements Strategy {

    /** H2's longest array. */
    private static final int LONGEST_ON_H2 = 65_536;

    private final SqlDialect dialect;
    private final boolean joined;
    private final Reading reading;

    KeyArrays(SqlDialect dialect, boolean joined, Reading reading) {
        this.dialect = dialect;
        this.joined = joined;
        this.reading = reading;
    }

    @Override
    public Optional<String> refusal(Dataset dataset, int keys) {
        if (dialect == SqlDialect.ORACLE) {
            return Optional.of("Oracle takes arrays of types of its own only");
        }
        if (dialect == SqlDialect.H2 && keys > LONGEST_ON_H2) {
            return Optional.of("arrays of H2 end at " + LONGEST_ON_H2);
        }
        return joined || dataset.key().size() == 1
                ? Optional.empty()
                : Optional.of("a key of several columns is no member of one array");
    }

    @Override
    public void find(Connection connection, Dataset dataset, List<Object[]> keys, FoundRows found)
            throws SQLException, IOException {
        var sql = new LookupSql(dataset);
        reading.rows(
                connection,
                joined ? sql.unnested() : sql.inArray(),
                statement -> bind(connection, statement, dataset, keys),
                found);
    }

    private void bind(Connection connection, PreparedStatement statement, Dataset dataset, List<Object[]> keys)
            throws SQLException {
        for (int i = 0; i < dataset.key().size(); i++) {
            statement.setArray(i + 1, array(connection, dataset, keys, i));
        }
    }

    private Array array(Connection connection, Dataset dataset, List<Object[]> keys, int part) throws SQLException {
        var column = dataset.key().get(part);
        var parts = KeyBinding.part(keys, part);
        if (dialect == SqlDialect.POSTGRESQL && column.type() != ColumnType.NUMBER) {
            // Its driver knows the texts of days and times, but no array of their types.
            for (int i = 0; i < parts.length; i++) {
                parts[i] = parts[i].toString();
            }
        }
        return connection.createArrayOf(member(column.stored()), parts);
    }

    /** PostgreSQL's metadata says bigserial of a number that counts itself, of which there are no arrays. */
    private static String member(StoredType type) {
        return switch (type.jdbcType()) {
            case Types.SMALLINT -> type.name().startsWith("small") ? "int2" : type.name();
            case Types.INTEGER -> type.name().equals("serial") ? "int4" : type.name();
            case Types.BIGINT -> type.name().equals("bigserial") ? "int8" : type.name();
            default -> type.name();
        };
    }
}
