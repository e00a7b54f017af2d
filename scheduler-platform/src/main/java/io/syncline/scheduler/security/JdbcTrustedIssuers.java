package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The issuers that are trusted beside the platform itself. */
@Component
final class JdbcTrustedIssuers {

    private static final String COLUMNS = """
            issuer_key, issuer, jwks_uri, algorithms, audience, types, max_life_seconds, version, created_at, updated_at
            """;

    private static final String FIND = "select " + COLUMNS + " from trusted_issuer where issuer_key = :key";

    private static final String LOCK = "select " + COLUMNS + " from trusted_issuer where issuer_key = :key for update";

    private static final String BY_ISSUER = "select " + COLUMNS + " from trusted_issuer where issuer = :issuer";

    private static final String LIST = "select " + COLUMNS + """
             from trusted_issuer
             where issuer_key > :after
             order by issuer_key
             fetch first :limit rows only
            """;

    private static final String LIST_FIRST = "select " + COLUMNS + """
             from trusted_issuer
             order by issuer_key
             fetch first :limit rows only
            """;

    private static final String INSERT = """
            insert into trusted_issuer
                   (issuer_key, issuer, jwks_uri, algorithms, audience, types, max_life_seconds, version, created_at,
                    updated_at)
            values (:key, :issuer, :jwksUri, :algorithms, :audience, :types, :life, 1, :now, :now)
            """;

    private static final String CHANGE = """
            update trusted_issuer
               set issuer = :issuer, jwks_uri = :jwksUri, algorithms = :algorithms, audience = :audience, types = :types,
                   max_life_seconds = :life, version = version + 1, updated_at = :now
             where issuer_key = :key and version = :version
            """;

    private static final String DELETE = "delete from trusted_issuer where issuer_key = :key and version = :version";

    private final JdbcClient jdbc;
    private final DatabaseClock clock;

    JdbcTrustedIssuers(JdbcClient jdbc, DatabaseClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    Optional<TrustedIssuer> find(String key) {
        return jdbc.sql(FIND)
                .param("key", key)
                .query((row, number) -> issuer(row))
                .optional();
    }

    /** Finds it, and keeps it from being changed or removed until the transaction ends. */
    Optional<TrustedIssuer> lock(String key) {
        return jdbc.sql(LOCK)
                .param("key", key)
                .query((row, number) -> issuer(row))
                .optional();
    }

    Optional<TrustedIssuer> byIssuer(String issuer) {
        return jdbc.sql(BY_ISSUER)
                .param("issuer", issuer)
                .query((row, number) -> issuer(row))
                .optional();
    }

    List<TrustedIssuer> list(@Nullable String afterKey, int limit) {
        var query = afterKey == null ? jdbc.sql(LIST_FIRST) : jdbc.sql(LIST).param("after", afterKey);
        return query.param("limit", limit).query((row, number) -> issuer(row)).list();
    }

    /** @throws DuplicateKeyException when the key or the issuer is there already */
    TrustedIssuer create(String key, TrustedIssuer.Settings settings) {
        var now = clock.now();
        bound(jdbc.sql(INSERT), key, settings, now).update();
        return new TrustedIssuer(key, settings, 1, now, now);
    }

    /** Empty when the version is no longer the given one. */
    Optional<TrustedIssuer> change(String key, int version, TrustedIssuer.Settings settings) {
        var changed = bound(jdbc.sql(CHANGE), key, settings, clock.now())
                .param("version", version)
                .update();
        return changed == 1 ? find(key) : Optional.empty();
    }

    boolean delete(String key, int version) {
        return jdbc.sql(DELETE).param("key", key).param("version", version).update() == 1;
    }

    private static JdbcClient.StatementSpec bound(
            JdbcClient.StatementSpec statement, String key, TrustedIssuer.Settings settings, Instant now) {
        return statement
                .param("key", key)
                .param("issuer", settings.issuer())
                .param("jwksUri", settings.jwksUri().toString())
                .param("algorithms", String.join(" ", new TreeSet<>(settings.algorithms())))
                .param("audience", settings.audience())
                .param("types", String.join(" ", new TreeSet<>(settings.types())))
                .param("life", settings.maxTokenLife().toSeconds())
                .param("now", JdbcTimes.toJdbc(now));
    }

    private static TrustedIssuer issuer(ResultSet row) throws SQLException {
        return new TrustedIssuer(
                row.getString("issuer_key"),
                new TrustedIssuer.Settings(
                        row.getString("issuer"),
                        URI.create(row.getString("jwks_uri")),
                        Set.of(row.getString("algorithms").split(" ")),
                        row.getString("audience"),
                        Set.of(row.getString("types").split(" ")),
                        Duration.ofSeconds(row.getLong("max_life_seconds"))),
                row.getInt("version"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "updated_at"));
    }
}
