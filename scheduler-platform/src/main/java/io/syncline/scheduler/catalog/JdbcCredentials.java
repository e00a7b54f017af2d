package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Expiring;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The systems' credentials in the database, each secret sealed for its cell. */
@Repository
class JdbcCredentials implements Expiring, CredentialExpiries {

    static final String TABLE = "sync_system_credential";
    static final String CURRENT = "sealed_current";
    static final String PREVIOUS = "sealed_previous";

    private static final String OF_SYSTEM = """
            select system_key, credential_name, auth_type, revision, sealed_current, sealed_previous, previous_until,
                bound_origins, token_origin, secret_set_at, rotated_at, cleared_at, expires_at,
                fingerprint, previous_fingerprint, used_at, previous_used_at
            from sync_system_credential
            where system_key = :system
            order by credential_name
            """;

    private static final String ALL = """
            select system_key, credential_name, auth_type, revision, sealed_current, sealed_previous, previous_until,
                bound_origins, token_origin, secret_set_at, rotated_at, cleared_at, expires_at,
                fingerprint, previous_fingerprint, used_at, previous_used_at
            from sync_system_credential
            order by system_key, credential_name
            """;

    private static final String LOCK = """
            select system_key, credential_name, auth_type, revision, sealed_current, sealed_previous, previous_until,
                bound_origins, token_origin, secret_set_at, rotated_at, cleared_at, expires_at,
                fingerprint, previous_fingerprint, used_at, previous_used_at
            from sync_system_credential
            where system_key = :system and credential_name = :name
            for update
            """;

    private static final String REPLACE_CURRENT = """
            update sync_system_credential set sealed_current = :anew
            where system_key = :system and credential_name = :name
            """;

    private static final String REPLACE_PREVIOUS = """
            update sync_system_credential set sealed_previous = :anew
            where system_key = :system and credential_name = :name
            """;

    private static final String INSERT = """
            insert into sync_system_credential (system_key, credential_name, auth_type, revision, sealed_current,
                sealed_previous, previous_until, bound_origins, token_origin, secret_set_at, rotated_at, cleared_at,
                expires_at, fingerprint, previous_fingerprint, used_at, previous_used_at)
            values (:system, :name, :type, :revision, :current, :previous, :previousUntil, :origins, :tokenOrigin,
                :setAt, :rotatedAt, :clearedAt, :expiresAt, :fingerprint, :previousFingerprint, :usedAt,
                :previousUsedAt)
            """;

    private static final String UPDATE = """
            update sync_system_credential
            set auth_type = :type, revision = :revision, sealed_current = :current, sealed_previous = :previous,
                previous_until = :previousUntil, bound_origins = :origins, token_origin = :tokenOrigin,
                secret_set_at = :setAt, rotated_at = :rotatedAt, cleared_at = :clearedAt, expires_at = :expiresAt,
                fingerprint = :fingerprint, previous_fingerprint = :previousFingerprint, used_at = :usedAt,
                previous_used_at = :previousUsedAt
            where system_key = :system and credential_name = :name
            """;

    private static final String DELETE = """
            delete from sync_system_credential
            where system_key = :system and credential_name = :name
            """;

    private static final String FORGET_PREVIOUS = """
            update sync_system_credential
            set sealed_previous = null, previous_until = null, previous_fingerprint = null, previous_used_at = null
            where previous_until < current_timestamp
            """;

    private static final String RETIRE = """
            update sync_system_credential
            set sealed_previous = null, previous_until = null, previous_fingerprint = null, previous_used_at = null
            where system_key = :system and credential_name = :name and sealed_previous is not null
            """;

    private static final String USED = """
            update sync_system_credential set used_at = :at
            where system_key = :system and credential_name = :name and revision = :revision
            """;

    private static final String PREVIOUS_USED = """
            update sync_system_credential set previous_used_at = :at
            where system_key = :system and credential_name = :name and revision = :revision
            """;

    private static final String ENDING = """
            select system_key, credential_name, expires_at from sync_system_credential
            where expires_at < :before
            order by expires_at
            fetch first 200 rows only
            """;

    private static final String DELETE_ALL = "delete from sync_system_credential where system_key = :system";

    /**
     * @param sealedCurrent null: the secret was cleared
     * @param boundOrigins one a line; null: the system has no instances
     * @param fingerprint null: the secret was set before there were any
     */
    record Row(
            String system,
            String name,
            AuthType type,
            int revision,
            @Nullable String sealedCurrent,
            @Nullable String sealedPrevious,
            @Nullable Instant previousUntil,
            @Nullable String boundOrigins,
            @Nullable String tokenOrigin,
            @Nullable Instant secretSetAt,
            @Nullable Instant rotatedAt,
            @Nullable Instant clearedAt,
            @Nullable Instant expiresAt,
            @Nullable String fingerprint,
            @Nullable String previousFingerprint,
            @Nullable Instant usedAt,
            @Nullable Instant previousUsedAt) {}

    private final JdbcClient jdbc;

    JdbcCredentials(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Row> of(String system) {
        return jdbc.sql(OF_SYSTEM)
                .param("system", system)
                .query(JdbcCredentials::row)
                .list();
    }

    /** A secret whose overlap is over is forgotten; a system has few of them. */
    @Override
    public void purge() {
        jdbc.sql(FORGET_PREVIOUS).update();
    }

    @Override
    public List<Expiry> endingBefore(Instant time) {
        return jdbc.sql(ENDING)
                .param("before", JdbcTimes.toJdbc(time))
                .query((row, number) -> new Expiry(
                        row.getString("system_key"),
                        row.getString("credential_name"),
                        JdbcTimes.instant(row, "expires_at")))
                .list();
    }

    void store(Row row, boolean isNew) {
        jdbc.sql(isNew ? INSERT : UPDATE)
                .param("system", row.system())
                .param("name", row.name())
                .param("type", row.type().wire())
                .param("revision", row.revision())
                .param("current", row.sealedCurrent())
                .param("previous", row.sealedPrevious())
                .param("previousUntil", JdbcTimes.toJdbcOrNull(row.previousUntil()))
                .param("origins", row.boundOrigins())
                .param("tokenOrigin", row.tokenOrigin())
                .param("setAt", JdbcTimes.toJdbcOrNull(row.secretSetAt()))
                .param("rotatedAt", JdbcTimes.toJdbcOrNull(row.rotatedAt()))
                .param("clearedAt", JdbcTimes.toJdbcOrNull(row.clearedAt()))
                .param("expiresAt", JdbcTimes.toJdbcOrNull(row.expiresAt()))
                .param("fingerprint", row.fingerprint())
                .param("previousFingerprint", row.previousFingerprint())
                .param("usedAt", JdbcTimes.toJdbcOrNull(row.usedAt()))
                .param("previousUsedAt", JdbcTimes.toJdbcOrNull(row.previousUsedAt()))
                .update();
    }

    /** Of a credential that was changed meanwhile nothing is noted. */
    void used(String system, String name, int revision, boolean previous, Instant at) {
        jdbc.sql(previous ? PREVIOUS_USED : USED)
                .param("system", system)
                .param("name", name)
                .param("revision", revision)
                .param("at", JdbcTimes.toJdbc(at))
                .update();
    }

    List<Row> all() {
        return jdbc.sql(ALL).query(JdbcCredentials::row).list();
    }

    /** Large texts cannot be compared in a statement everywhere, hence the lock; false when another text stands there. */
    boolean replace(String system, String name, String column, String before, String anew) {
        boolean isCurrent = column.equals(CURRENT);
        boolean same = jdbc.sql(LOCK)
                .param("system", system)
                .param("name", name)
                .query(JdbcCredentials::row)
                .optional()
                .map(row -> before.equals(isCurrent ? row.sealedCurrent() : row.sealedPrevious()))
                .orElse(false);
        return same
                && jdbc.sql(isCurrent ? REPLACE_CURRENT : REPLACE_PREVIOUS)
                                .param("system", system)
                                .param("name", name)
                                .param("anew", anew)
                                .update()
                        == 1;
    }

    /** False when there is no secret but the present one. */
    boolean retire(String system, String name) {
        return jdbc.sql(RETIRE).param("system", system).param("name", name).update() == 1;
    }

    void delete(String system, String name) {
        jdbc.sql(DELETE).param("system", system).param("name", name).update();
    }

    void deleteAll(String system) {
        jdbc.sql(DELETE_ALL).param("system", system).update();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getString("system_key"),
                row.getString("credential_name"),
                AuthType.ofWire(row.getString("auth_type"))
                        .orElseThrow(() -> new IllegalStateException("a credential of an unknown type is stored")),
                row.getInt("revision"),
                row.getString("sealed_current"),
                row.getString("sealed_previous"),
                JdbcTimes.instantOrNull(row, "previous_until"),
                row.getString("bound_origins"),
                row.getString("token_origin"),
                JdbcTimes.instantOrNull(row, "secret_set_at"),
                JdbcTimes.instantOrNull(row, "rotated_at"),
                JdbcTimes.instantOrNull(row, "cleared_at"),
                JdbcTimes.instantOrNull(row, "expires_at"),
                row.getString("fingerprint"),
                row.getString("previous_fingerprint"),
                JdbcTimes.instantOrNull(row, "used_at"),
                JdbcTimes.instantOrNull(row, "previous_used_at"));
    }
}
