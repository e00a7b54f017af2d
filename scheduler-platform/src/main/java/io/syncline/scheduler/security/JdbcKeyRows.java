package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
final class JdbcKeyRows implements KeyRows, SealedCells {

    private static final String USABLE = """
            select kid, purpose, generation, algorithm, public_key, private_key, retired_at, used_until
              from signing_key
             where revoked_at is null
             order by purpose, generation
            """;

    private static final String INSERT = """
            insert into signing_key
                   (kid, purpose, generation, algorithm, public_key, private_key, created_at, activated_at)
            values (:kid, :purpose, :generation, :algorithm, :publicKey, :privateKey, :now, :activated)
            """;

    private static final String USE_UNTIL = """
            update signing_key
               set used_until = :until
             where kid = :kid and (used_until is null or used_until < :until)
            """;

    private static final String STORED = "select kid, private_key from signing_key order by kid";

    private static final String REPLACE =
            "update signing_key set private_key = :anew where kid = :kid and private_key = :before";

    private static final String LOCK = "select lock_id from signing_key_lock where lock_id = 1 for update";

    private static final String ALL = """
            select kid, purpose, generation, algorithm, created_at, activated_at, retired_at, revoked_at, used_until
              from signing_key
             order by purpose, generation desc
            """;

    private static final String ACTIVATE = "update signing_key set activated_at = :now where kid = :kid";

    private static final String RETIRE = "update signing_key set retired_at = :now where kid = :kid";

    private static final String REVOKE = "update signing_key set revoked_at = :now where kid = :kid";

    private static final String DELETE = "delete from signing_key where kid = :kid";

    private static final String TABLE = "signing_key";
    private static final String COLUMN = "private_key";

    private final JdbcClient jdbc;
    private final SecretBox box;
    private final DatabaseClock clock;
    private final Duration overlap;
    /** What was opened once is not opened again: behind the box may be a service in another house. */
    private final ConcurrentMap<String, Opened> opened = new ConcurrentHashMap<>();

    private record Opened(String sealed, String secret) {}

    JdbcKeyRows(JdbcClient jdbc, SecretBox box, DatabaseClock clock, KeyProperties properties) {
        this.jdbc = jdbc;
        this.box = box;
        this.clock = clock;
        this.overlap = properties.overlap();
    }

    static SecretBox.Cell cell(String kid) {
        return new SecretBox.Cell(TABLE, kid, COLUMN);
    }

    @Override
    public List<PlatformKey> usable() {
        var now = clock.now();
        var keys = jdbc.sql(USABLE).query((row, number) -> key(row, now)).list().stream()
                .filter(key -> key.acceptedFor() == null || key.acceptedFor().compareTo(Duration.ZERO) > 0)
                .toList();
        opened.keySet().retainAll(keys.stream().map(PlatformKey::kid).toList());
        return keys;
    }

    private PlatformKey key(ResultSet row, Instant now) throws SQLException {
        var kid = row.getString("kid");
        var retiredAt = JdbcTimes.instantOrNull(row, "retired_at");
        var usedUntil = JdbcTimes.instantOrNull(row, "used_until");
        var end = retiredAt == null ? null : KeyStanding.acceptedUntil(retiredAt, usedUntil, overlap);
        return new PlatformKey(
                kid,
                KeyPurpose.valueOf(row.getString("purpose")),
                row.getInt("generation"),
                row.getString("algorithm"),
                row.getString("public_key"),
                open(kid, row.getString(COLUMN)),
                end == null ? null : Duration.between(now, end),
                usedUntil);
    }

    private String open(String kid, String sealed) {
        var known = opened.get(kid);
        if (known != null && known.sealed().equals(sealed)) {
            return known.secret();
        }
        var secret = box.open(sealed, cell(kid));
        opened.put(kid, new Opened(sealed, secret));
        return secret;
    }

    @Override
    public void addUnlessPresent(PlatformKey key) {
        try {
            add(key, clock.now(), key.generation() == 1);
        } catch (DuplicateKeyException e) {
            // Another node was first; its key is as good as ours.
        }
    }

    void add(PlatformKey key, Instant now, boolean current) {
        jdbc.sql(INSERT)
                .param("kid", key.kid())
                .param("purpose", key.purpose().name())
                .param("generation", key.generation())
                .param("algorithm", key.algorithm())
                .param("publicKey", key.publicKey())
                .param("privateKey", box.seal(key.privateKey(), cell(key.kid())))
                .param("now", JdbcTimes.toJdbc(now))
                .param("activated", current ? JdbcTimes.toJdbc(now) : null)
                .update();
    }

    @Override
    public void useUntil(String kid, Instant until) {
        jdbc.sql(USE_UNTIL)
                .param("kid", kid)
                .param("until", JdbcTimes.toJdbc(until))
                .update();
    }

    /** Until the end of the transaction nobody else makes, rotates, revokes or removes a key. */
    void lock() {
        jdbc.sql(LOCK).query(Integer.class).single();
    }

    /** All keys there are, those of one purpose together, the newest first. */
    List<KeyStanding> all() {
        return jdbc.sql(ALL)
                .query((row, number) -> new KeyStanding(
                        row.getString("kid"),
                        KeyPurpose.valueOf(row.getString("purpose")),
                        row.getInt("generation"),
                        row.getString("algorithm"),
                        JdbcTimes.instant(row, "created_at"),
                        JdbcTimes.instantOrNull(row, "activated_at"),
                        JdbcTimes.instantOrNull(row, "retired_at"),
                        JdbcTimes.instantOrNull(row, "revoked_at"),
                        JdbcTimes.instantOrNull(row, "used_until")))
                .list();
    }

    void activate(String kid, Instant now) {
        change(ACTIVATE, kid, now);
    }

    void retire(String kid, Instant now) {
        change(RETIRE, kid, now);
    }

    void revoke(String kid, Instant now) {
        change(REVOKE, kid, now);
    }

    private void change(String statement, String kid, Instant now) {
        jdbc.sql(statement)
                .param("kid", kid)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    void remove(String kid) {
        jdbc.sql(DELETE).param("kid", kid).update();
    }

    @Override
    public List<Stored> stored() {
        return jdbc.sql(STORED)
                .query((row, number) -> new Stored(cell(row.getString("kid")), row.getString(COLUMN)))
                .list();
    }

    @Override
    public boolean replace(SecretBox.Cell cell, String before, String anew) {
        return jdbc.sql(REPLACE)
                        .param("kid", cell.row())
                        .param("before", before)
                        .param("anew", anew)
                        .update()
                == 1;
    }
}
