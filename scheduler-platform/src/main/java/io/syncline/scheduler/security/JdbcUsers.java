package io.syncline.scheduler.security;

import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The rows of people; every change is made within a transaction of {@link People}. */
@Component
final class JdbcUsers {

    private static final String COLUMNS = """
            user_key, display_name, email, roles, labels, named_scopes, enabled, issuer_key, external_subject, from_issuer,
            password_hash, setup_hash, setup_until, signed_in_at, version, created_at, updated_at
            """;

    private static final String FIND = "select " + COLUMNS + " from app_user where user_key = :key";

    private static final String LOCK = FIND + " for update";

    private static final String FIND_EXTERNAL =
            "select " + COLUMNS + " from app_user where issuer_key = :issuer and external_subject = :subject";

    private static final String LIST = "select " + COLUMNS + """
             from app_user
             where user_key > :after
             order by user_key
             fetch first :limit rows only
            """;

    private static final String LIST_FIRST = "select " + COLUMNS + """
             from app_user
             order by user_key
             fetch first :limit rows only
            """;

    /** Of people of an issuer only those whose issuer signs people in. */
    private static final String ENABLED = "select " + COLUMNS + """
             from app_user
             where enabled = 1
               and (issuer_key is null
                    or issuer_key in (select known.issuer_key from people_issuer known))
            """;

    private static final String OF_ISSUER = """
            select count(*) from (select user_key from app_user where issuer_key = :issuer fetch first 1 rows only) any_user
            """;

    private static final String INSERT = """
            insert into app_user
                   (user_key, display_name, email, roles, labels, named_scopes, enabled, issuer_key, external_subject,
                    from_issuer, version, created_at, updated_at)
            values (:key, :name, :email, :roles, :labels, :scopes, :enabled, :issuer, :subject,
                    :fromIssuer, 1, :now, :now)
            """;

    private static final String CHANGE = """
            update app_user
               set display_name = :name, email = :email, roles = :roles, labels = :labels, named_scopes = :scopes,
                   enabled = :enabled, issuer_key = :issuer, external_subject = :subject, from_issuer = :fromIssuer,
                   version = version + 1, updated_at = :now
             where user_key = :key and version = :version
            """;

    private static final String SET_PASSWORD = """
            update app_user
               set password_hash = :hash, password_at = :now, setup_hash = null, setup_until = null
             where user_key = :key
            """;

    private static final String SET_CODE = """
            update app_user
               set password_hash = null, setup_hash = :hash, setup_until = :until
             where user_key = :key
            """;

    private static final String FORGET_PASSWORD = """
            update app_user
               set password_hash = null, setup_hash = null, setup_until = null
             where user_key = :key
            """;

    private static final String SIGNED_IN = "update app_user set signed_in_at = :now where user_key = :key";

    private static final String DELETE = "delete from app_user where user_key = :key and version = :version";

    private static final String DELETE_SETTINGS = "delete from person_settings where user_key = :key";

    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;

    JdbcUsers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An account with what proves that somebody is its person.
     *
     * @param passwordHash null: no password was set
     */
    record Account(
            User user,
            @Nullable String passwordHash,
            @Nullable String setupHash,
            @Nullable Instant setupUntil) {

        @Override
        public String toString() {
            return "Account[" + user.key() + "]";
        }
    }

    Optional<User> find(String key) {
        return account(key).map(Account::user);
    }

    Optional<Account> account(String key) {
        return jdbc.sql(FIND)
                .param("key", key)
                .query((row, number) -> account(row))
                .optional();
    }

    /** The account, unchanged by others until the end of the transaction. */
    Optional<Account> lock(String key) {
        return jdbc.sql(LOCK)
                .param("key", key)
                .query((row, number) -> account(row))
                .optional();
    }

    Optional<User> find(ExternalPerson external) {
        return jdbc.sql(FIND_EXTERNAL)
                .param("issuer", external.issuer())
                .param("subject", external.subject())
                .query((row, number) -> account(row).user())
                .optional();
    }

    List<User> list(@Nullable String afterKey, int limit) {
        var query = afterKey == null ? jdbc.sql(LIST_FIRST) : jdbc.sql(LIST).param("after", afterKey);
        return query.param("limit", limit)
                .query((row, number) -> account(row).user())
                .list();
    }

    boolean namesIssuer(String issuerKey) {
        return jdbc.sql(OF_ISSUER)
                        .param("issuer", issuerKey)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Administrators who could sign in now. */
    List<User> admins() {
        return jdbc.sql(ENABLED).query((row, number) -> account(row).user()).list().stream()
                .filter(user -> user.isAdmin() && user.canSignIn())
                .toList();
    }

    /** False when the key, or the person at the issuer, is taken. */
    boolean insert(String key, UserChange user, boolean fromIssuer, Instant now) {
        try {
            jdbc.sql(INSERT).params(parameters(key, user, fromIssuer, now)).update();
            return true;
        } catch (DuplicateKeyException e) {
            return false;
        }
    }

    /** False when the version is no longer the given one. */
    boolean change(String key, int version, UserChange user, boolean fromIssuer, Instant now) {
        var parameters = parameters(key, user, fromIssuer, now);
        parameters.put("version", version);
        return jdbc.sql(CHANGE).params(parameters).update() == 1;
    }

    void setPassword(String key, String hash, Instant now) {
        jdbc.sql(SET_PASSWORD)
                .param("key", key)
                .param("hash", hash)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    void setCode(String key, String codeHash, Instant until) {
        jdbc.sql(SET_CODE)
                .param("key", key)
                .param("hash", codeHash)
                .param("until", JdbcTimes.toJdbc(until))
                .update();
    }

    void forgetPassword(String key) {
        jdbc.sql(FORGET_PASSWORD).param("key", key).update();
    }

    void signedIn(String key, Instant now) {
        jdbc.sql(SIGNED_IN)
                .param("key", key)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    /** With what the person kept; whoever comes under the name later finds nothing of it. */
    boolean delete(String key, int version) {
        jdbc.sql(DELETE_SETTINGS).param("key", key).update();
        return jdbc.sql(DELETE).param("key", key).param("version", version).update() == 1;
    }

    private static Map<String, @Nullable Object> parameters(
            String key, UserChange user, boolean fromIssuer, Instant now) {
        var external = user.external();
        var parameters = new HashMap<String, @Nullable Object>();
        parameters.put("key", key);
        parameters.put("name", user.name());
        parameters.put("email", user.email());
        parameters.put("roles", roles(user.roles()));
        parameters.put("labels", JSON.writeValueAsString(texts(user.labels())));
        parameters.put("scopes", user.namedScopes().isEmpty() ? null : JdbcClients.text(user.namedScopes()));
        parameters.put("enabled", user.enabled() ? 1 : 0);
        parameters.put("issuer", external == null ? null : external.issuer());
        parameters.put("subject", external == null ? null : external.subject());
        parameters.put("fromIssuer", fromIssuer ? 1 : 0);
        parameters.put("now", JdbcTimes.toJdbc(now));
        return parameters;
    }

    /** As they stand in documents and tokens. */
    static List<String> texts(Labels labels) {
        return labels.all() ? List.of("*") : labels.named().stream().sorted().toList();
    }

    static Labels labels(List<String> texts) {
        return texts.equals(List.of("*")) ? Labels.ALL : Labels.of(texts);
    }

    private static String roles(Set<Role> roles) {
        return roles.stream().sorted().map(Role::text).collect(Collectors.joining(" "));
    }

    private static Set<Role> roles(String text) {
        var roles = EnumSet.noneOf(Role.class);
        Arrays.stream(text.split(" "))
                .map(name -> Role.of(name)
                        .orElseThrow(() -> new IllegalStateException("unknown role in the database: " + name)))
                .forEach(roles::add);
        return roles;
    }

    private static Account account(ResultSet row) throws SQLException {
        var scopes = row.getString("named_scopes");
        var issuer = row.getString("issuer_key");
        var subject = row.getString("external_subject");
        var hash = row.getString("password_hash");
        var user = new User(
                row.getString("user_key"),
                row.getString("display_name"),
                row.getString("email"),
                roles(row.getString("roles")),
                labels(JSON.readValue(row.getString("labels"), TEXTS)),
                scopes == null ? Set.of() : JdbcClients.scopes(scopes),
                row.getInt("enabled") == 1,
                issuer == null || subject == null ? null : new ExternalPerson(issuer, subject),
                row.getInt("from_issuer") == 1,
                hash != null,
                row.getInt("version"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "updated_at"),
                JdbcTimes.instantOrNull(row, "signed_in_at"));
        return new Account(user, hash, row.getString("setup_hash"), JdbcTimes.instantOrNull(row, "setup_until"));
    }
}
