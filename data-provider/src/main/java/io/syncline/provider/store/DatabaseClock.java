package io.syncline.provider.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The time of the database, the only clock of leases, expiry and {@code asOf}; microseconds. */
@Component
public class DatabaseClock {

    private final JdbcClient jdbc;
    private final SqlDialect dialect;

    DatabaseClock(JdbcClient jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    public Instant now() {
        return jdbc.sql(dialect.selectNow())
                .query((row, number) -> JdbcTimes.instant(row, 1))
                .single();
    }

    /** The time of now, where {@link #now()} may be that of the transaction's start. */
    public Instant moment() {
        return jdbc.sql(dialect.selectMoment())
                .query((row, number) -> JdbcTimes.instant(row, 1))
                .single();
    }

    /** As the connection's transaction has it. */
    public Instant now(Connection connection) throws SQLException {
        try (var statement = connection.prepareStatement(dialect.selectNow());
                var row = statement.executeQuery()) {
            row.next();
            return JdbcTimes.instant(row, 1);
        }
    }
}
