package io.syncline.scheduler.security;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which clients of the platform end. */
@Repository
public class ClientExpiries {

    private static final String ENDING = """
            select client_key, expires_at from api_client
            where expires_at > :after and expires_at < :before and enabled = 1
            order by expires_at
            fetch first 200 rows only
            """;

    private final JdbcClient jdbc;

    public ClientExpiries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public record Expiry(String client, Instant at) {}

    public List<Expiry> endingBetween(Instant after, Instant before) {
        return jdbc.sql(ENDING)
                .param("after", JdbcTimes.toJdbc(after))
                .param("before", JdbcTimes.toJdbc(before))
                .query((row, number) -> new Expiry(row.getString("client_key"), JdbcTimes.instant(row, "expires_at")))
                .list();
    }
}
