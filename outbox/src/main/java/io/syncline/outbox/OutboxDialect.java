package io.syncline.outbox;

import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;

/** Where the databases differ. */
enum OutboxDialect {
    H2,
    POSTGRESQL,
    ORACLE;

    static OutboxDialect of(DataSource dataSource) {
        try (var connection = dataSource.getConnection()) {
            var product = connection.getMetaData().getDatabaseProductName();
            return switch (product.toLowerCase(Locale.ROOT)) {
                case "h2" -> H2;
                case "postgresql" -> POSTGRESQL;
                case "oracle" -> ORACLE;
                default -> throw new IllegalArgumentException("no outbox for the database " + product);
            };
        } catch (SQLException e) {
            throw new IllegalStateException("the outbox cannot reach its database", e);
        }
    }

    String selectNow() {
        return switch (this) {
            case H2, POSTGRESQL -> "select current_timestamp";
            case ORACLE -> "select current_timestamp from dual";
        };
    }

    /**
     * Inserts a key unless it is there. PostgreSQL ends a transaction at a duplicate key, so there it must not happen; on
     * the others the caller ignores it.
     */
    String insertKey() {
        return switch (this) {
            case POSTGRESQL -> """
                insert into outbox_key (ordering_key, last_sequence, touched_at)
                values (:orderingKey, 0, current_timestamp)
                on conflict (ordering_key) do nothing
                """;
            case H2, ORACLE -> """
                insert into outbox_key (ordering_key, last_sequence, touched_at)
                values (:orderingKey, 0, current_timestamp)
                """;
        };
    }
}
