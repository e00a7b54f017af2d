package io.syncline.scheduler.store;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

final class JdbcDatabaseClock implements DatabaseClock {

    private final JdbcClient jdbc;
    private final String query;

    JdbcDatabaseClock(JdbcClient jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.query = dialect.currentTimestamp();
    }

    @Override
    public Instant now() {
        return jdbc.sql(query)
                .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .single()
                .truncatedTo(ChronoUnit.MICROS);
    }
}
