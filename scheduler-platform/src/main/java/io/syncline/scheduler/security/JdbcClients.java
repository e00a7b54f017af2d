package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
final class JdbcClients implements Clients {

    static final Duration OLD_SECRET_WORKS = Duration.ofHours(24);

    private static final String COLUMNS = "client_key, system_key, scopes, enabled, version, created_at, updated_at";

    private static final String FIND = "select " + COLUMNS + " from api_client where client_key = :key";

    private static final String LIST = "select " + COLUMNS + """
             from api_client
             where client_key > :after
             order by client_key
             fetch first :limit rows only
            """;

    private static final String LIST_FIRST = "select " + COLUMNS + """
             from api_client
             order by client_key
             fetch first :limit rows only
            """;

    private static final String SECRETS = "select " + COLUMNS + """
            , secret_hash, old_secret_hash, old_secret_until, current_timestamp as read_at
             from api_client
             where client_key = :key and enabled = 1
            """;

    private static final String INSERT = """
            insert into api_client
                   (client_key, system_key, scopes, secret_hash, enabled, version, created_at, updated_at)
            values (:key, :system, :scopes, :hash, 1, 1, :now, :now)
            """;

    private static final String CHANGE = """
            update api_client
               set system_key = :system, scopes = :scopes, version = version + 1, updated_at = :now
             where client_key = :key and version = :version
            """;

    private static final String ROTATE = """
            update api_client
               set old_secret_hash = secret_hash, old_secret_until = :until, secret_hash = :hash,
                   version = version + 1, updated_at = :now
             where client_key = :key and version = :version
            """;

    private static final String DELETE = "delete from api_client where client_key = :key and version = :version";

    private static final String LOCK_FIRST = "select lock_id from first_client_lock where lock_id = 1 for update";

    private static final String COUNT_ANY = """
            select count(*) from (select client_key from api_client fetch first 1 rows only) any_client
            """;

    private static final String ENABLED = "select " + COLUMNS + " from api_client where enabled = 1";

    private static final String FORGET_CODES = "delete from setup_code";

    private static final String ADD_CODE =
            "insert into setup_code (code_hash, created_at) values (:hash, current_timestamp)";

    private static final String FIND_CODE =
            "select count(*) from setup_code where code_hash = :hash and created_at > :since";

    private final JdbcClient jdbc;
    private final DatabaseClock clock;
    private final TransactionTemplate transaction;

    JdbcClients(JdbcClient jdbc, DatabaseClock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public Optional<Client> find(String key) {
        return jdbc.sql(FIND)
                .param("key", key)
                .query((row, number) -> client(row))
                .optional();
    }

    @Override
    public List<Client> list(@Nullable String afterKey, int limit) {
        var query = afterKey == null ? jdbc.sql(LIST_FIRST) : jdbc.sql(LIST).param("after", afterKey);
        return query.param("limit", limit).query((row, number) -> client(row)).list();
    }

    @Override
    public Optional<NewClient> create(String key, @Nullable String system, Set<Scope> scopes) {
        var secret = SecretHashes.newSecret();
        return insert(key, system, scopes, SecretHashes.ofGenerated(secret))
                .map(client -> new NewClient(client, secret));
    }

    private Optional<Client> insert(String key, @Nullable String system, Set<Scope> scopes, String hash) {
        var now = clock.now();
        try {
            jdbc.sql(INSERT)
                    .param("key", key)
                    .param("system", system)
                    .param("scopes", text(scopes))
                    .param("hash", hash)
                    .param("now", JdbcTimes.toJdbc(now))
                    .update();
        } catch (DuplicateKeyException e) {
            return Optional.empty();
        }
        return Optional.of(new Client(key, system, Set.copyOf(scopes), true, 1, now, now));
    }

    @Override
    public Optional<Client> change(String key, int version, @Nullable String system, Set<Scope> scopes) {
        var changed = jdbc.sql(CHANGE)
                .param("key", key)
                .param("version", version)
                .param("system", system)
                .param("scopes", text(scopes))
                .param("now", JdbcTimes.toJdbc(clock.now()))
                .update();
        return changed == 1 ? find(key) : Optional.empty();
    }

    @Override
    public Optional<NewClient> rotate(String key, @Nullable Integer version) {
        var known = find(key);
        if (known.isEmpty()) {
            return Optional.empty();
        }
        var secret = SecretHashes.newSecret();
        var now = clock.now();
        var rotated = jdbc.sql(ROTATE)
                .param("key", key)
                .param("version", version == null ? known.get().version() : version)
                .param("hash", SecretHashes.ofGenerated(secret))
                .param("until", JdbcTimes.toJdbc(now.plus(OLD_SECRET_WORKS)))
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        return rotated == 1 ? find(key).map(client -> new NewClient(client, secret)) : Optional.empty();
    }

    @Override
    public boolean delete(String key, int version) {
        return jdbc.sql(DELETE).param("key", key).param("version", version).update() == 1;
    }

    /** The client that this secret belongs to, the one before the last rotation included for its 24 h. */
    Optional<Client> authenticate(String key, String secret) {
        var found = jdbc.sql(SECRETS)
                .param("key", key)
                .query((row, number) -> new Secrets(
                        client(row),
                        row.getString("secret_hash"),
                        row.getString("old_secret_hash"),
                        JdbcTimes.instantOrNull(row, "old_secret_until"),
                        JdbcTimes.instant(row, "read_at")))
                .optional();
        return found.filter(secrets -> secrets.match(secret)).map(Secrets::client);
    }

    /** Whether a client is left that may do everything. */
    boolean anyAdmin() {
        return jdbc.sql(ENABLED).query((row, number) -> client(row)).list().stream()
                .anyMatch(client -> client.scopes().contains(Scope.ADMIN));
    }

    boolean isEmpty() {
        return jdbc.sql(COUNT_ANY).query(Integer.class).single() == 0;
    }

    /** Makes the first client with a secret chosen by the operator; false when there is a client already. */
    boolean createFirst(String key, String chosenSecret) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!lockWhileEmpty()) {
                return false;
            }
            insert(key, null, Set.of(Scope.ADMIN), SecretHashes.ofChosen(chosenSecret));
            return true;
        }));
    }

    /** Makes the first client for a set-up code; empty when the code is not good or there is a client already. */
    Optional<NewClient> createFirstByCode(String key, String codeHash, Duration codeWorks) {
        var made = transaction.<Optional<NewClient>>execute(status -> {
            if (!lockWhileEmpty()) {
                return Optional.empty();
            }
            var codes = jdbc.sql(FIND_CODE)
                    .param("hash", codeHash)
                    .param("since", JdbcTimes.toJdbc(clock.now().minus(codeWorks)))
                    .query(Integer.class)
                    .single();
            return codes == 0 ? Optional.empty() : create(key, null, Set.of(Scope.ADMIN));
        });
        return made == null ? Optional.empty() : made;
    }

    void addSetupCode(String codeHash) {
        jdbc.sql(ADD_CODE).param("hash", codeHash).update();
    }

    private boolean lockWhileEmpty() {
        jdbc.sql(LOCK_FIRST).query(Integer.class).single();
        if (!isEmpty()) {
            jdbc.sql(FORGET_CODES).update();
            return false;
        }
        return true;
    }

    private record Secrets(
            Client client,
            String hash,
            @Nullable String oldHash,
            @Nullable Instant oldUntil,
            Instant at) {

        boolean match(String secret) {
            return SecretHashes.matches(secret, hash)
                    || oldHash != null
                            && oldUntil != null
                            && at.isBefore(oldUntil)
                            && SecretHashes.matches(secret, oldHash);
        }
    }

    static String text(Collection<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }

    private static Client client(ResultSet row) throws SQLException {
        return new Client(
                row.getString("client_key"),
                row.getString("system_key"),
                scopes(row.getString("scopes")),
                row.getInt("enabled") == 1,
                row.getInt("version"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "updated_at"));
    }

    static Set<Scope> scopes(String text) {
        var scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(text.split(" "))
                .map(name -> Scope.of(name)
                        .orElseThrow(() -> new IllegalStateException("unknown scope in the database: " + name)))
                .forEach(scopes::add);
        return scopes;
    }
}
