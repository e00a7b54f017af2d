package io.syncline.scheduler.security;

import io.syncline.outbox.WebhookSigner;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Component
final class JdbcClients implements Clients, SealedCells {

    static final Duration OLD_SECRET_WORKS = Duration.ofHours(24);

    /** Of one kind, beside the current one; nobody who changes a secret needs more, and each is tried. */
    static final int MOST_OLD_SECRETS = 10;

    private static final String TABLE = "api_client";
    private static final String OLDER_TABLE = "client_old_secret";
    private static final String OLDER_COLUMN = "secret";
    private static final String SECRET_KIND = "SECRET";
    private static final String WEBHOOK_KIND = "WEBHOOK";
    private static final String WEBHOOK_COLUMN = "webhook_secret";
    private static final String OLD_WEBHOOK_COLUMN = "old_webhook_secret";

    private static final String COLUMNS = """
            client_key, system_key, scopes, expires_at, auth_method, jwks, jwks_uri, ext_issuer, ext_subject,
            webhook_secret, enabled, version, created_at, updated_at, last_used_at
            """;

    private static final String FIND = "select " + COLUMNS + " from api_client where client_key = :key";

    private static final String FIND_EXTERNAL =
            "select " + COLUMNS + " from api_client where ext_issuer = :issuer and ext_subject = :subject";

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
            , secret_hash, old_secret_hash, old_secret_until, older.secret as older_hash, older.works_until as older_until,
              current_timestamp as read_at
             from api_client
             left join client_old_secret older on older.owner_key = client_key and older.kind = 'SECRET'
             where client_key = :key and enabled = 1
            """;

    private static final String INSERT = """
            insert into api_client
                   (client_key, system_key, scopes, secret_hash, expires_at, auth_method, jwks, jwks_uri, ext_issuer,
                    ext_subject, webhook_secret, enabled, version, created_at, updated_at)
            values (:key, :system, :scopes, :hash, :expires, :method, :jwks, :jwksUri, :issuer,
                    :subject, :webhook, 1, 1, :now, :now)
            """;

    private static final String CHANGE = """
            update api_client
               set system_key = :system, scopes = :scopes, expires_at = :expires, auth_method = :method, jwks = :jwks,
                   jwks_uri = :jwksUri, ext_issuer = :issuer, ext_subject = :subject,
                   version = version + 1, updated_at = :now
             where client_key = :key and version = :version
            """;

    /** Both hashes go: the one before the last rotation must not outlive the one after it. */
    private static final String RESET_SECRET = """
            update api_client
               set secret_hash = :hash, old_secret_hash = null, old_secret_until = null
             where client_key = :key
            """;

    private static final String RESET_WEBHOOK = """
            update api_client
               set webhook_secret = :webhook, old_webhook_secret = null, old_webhook_until = null
             where client_key = :key
            """;

    private static final String ROTATE_SECRET = """
            update api_client
               set old_secret_hash = secret_hash, old_secret_until = :until, secret_hash = :hash
             where client_key = :key
            """;

    private static final String ROTATE_WEBHOOK = """
            update api_client
               set old_webhook_secret = :old, old_webhook_until = :until, webhook_secret = :webhook
             where client_key = :key
            """;

    private static final String KEEP_OLD = """
            insert into client_old_secret (owner_key, kind, owner_version, secret, works_until)
            values (:key, :kind, :version, :secret, :until)
            """;

    private static final String KEPT_OLD = """
            select owner_version, secret, works_until
              from client_old_secret
             where owner_key = :key and kind = :kind
             order by owner_version desc
            """;

    private static final String FORGET_ENDED = """
            delete from client_old_secret where owner_key = :key and works_until <= :now
            """;

    private static final String FORGET_KEPT = """
            delete from client_old_secret where owner_key = :key and kind = :kind
            """;

    private static final String OLD_HASH = """
            select old_secret_hash, old_secret_until
              from api_client
             where client_key = :key and old_secret_hash is not null
            """;

    private static final String SEALED_OLDER = """
            select owner_key, owner_version, secret
              from client_old_secret
             where kind = 'WEBHOOK'
             order by owner_key, owner_version
            """;

    private static final String RESEAL_OLDER = """
            update client_old_secret
               set secret = :anew
             where owner_key = :key and kind = 'WEBHOOK' and owner_version = :version and secret = :before
            """;

    private static final String NEXT_VERSION = """
            update api_client
               set version = version + 1, updated_at = :now
             where client_key = :key and version = :version
            """;

    private static final String USED = """
            update api_client
               set last_used_at = :now
             where client_key = :key and (last_used_at is null or last_used_at < :now)
            """;

    private static final String WEBHOOK_SECRETS = """
            select webhook_secret, old_webhook_secret, old_webhook_until
              from api_client
             where client_key = :key and enabled = 1
            """;

    private static final String SEALED = """
            select client_key, webhook_secret, old_webhook_secret
              from api_client
             where webhook_secret is not null or old_webhook_secret is not null
             order by client_key
            """;

    private static final String RESEAL = """
            update api_client set webhook_secret = :anew where client_key = :key and webhook_secret = :before
            """;

    private static final String RESEAL_OLD = """
            update api_client set old_webhook_secret = :anew where client_key = :key and old_webhook_secret = :before
            """;

    private static final String OF_ISSUER = "select count(*) from api_client where ext_issuer = :issuer";

    private static final String DELETE = "delete from api_client where client_key = :key and version = :version";

    private static final String LOCK_FIRST = "select lock_id from first_client_lock where lock_id = 1 for update";

    private static final String COUNT_ANY = """
            select count(*)
              from (select client_key from api_client where client_key <> :portal or scopes like '%admin%'
                    union all
                    select user_key from app_user) any_account
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
    private final SecretBox box;

    JdbcClients(JdbcClient jdbc, DatabaseClock clock, PlatformTransactionManager transactions, SecretBox box) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        this.box = box;
    }

    @Override
    public Optional<Client> find(String key) {
        return jdbc.sql(FIND)
                .param("key", key)
                .query((row, number) -> client(row))
                .optional();
    }

    @Override
    public Optional<Client> findExternal(String issuerKey, String subject) {
        return jdbc.sql(FIND_EXTERNAL)
                .param("issuer", issuerKey)
                .param("subject", subject)
                .query((row, number) -> client(row))
                .optional();
    }

    @Override
    public List<Client> list(@Nullable String afterKey, int limit) {
        var query = afterKey == null ? jdbc.sql(LIST_FIRST) : jdbc.sql(LIST).param("after", afterKey);
        return query.param("limit", limit).query((row, number) -> client(row)).list();
    }

    @Override
    public Optional<Told> create(String key, ClientSettings settings) {
        return insert(key, settings, settings.method() == AuthMethod.CLIENT_SECRET_BASIC ? newSecret() : null, null);
    }

    private static String newSecret() {
        return SecretHashes.newSecret();
    }

    /** @param chosenHash of a secret that an operator chose; null where the secret is ours or there is none */
    private Optional<Told> insert(
            String key, ClientSettings settings, @Nullable String secret, @Nullable String chosenHash) {
        var now = clock.now();
        var webhook = settings.webhook() ? WebhookSigner.newSecret() : null;
        var hash = chosenHash == null ? hash(secret) : chosenHash;
        try {
            bound(jdbc.sql(INSERT), key, settings, now)
                    .param("hash", hash)
                    .param("webhook", sealed(webhook, cell(key, WEBHOOK_COLUMN)))
                    .update();
        } catch (DuplicateKeyException e) {
            return Optional.empty();
        }
        return Optional.of(new Told(new Client(key, settings, true, 1, now, now, null), secret, webhook));
    }

    /** Without a secret the hash is that of one that nobody has ever known. */
    private static String hash(@Nullable String secret) {
        return SecretHashes.ofGenerated(secret == null ? newSecret() : secret);
    }

    private static JdbcClient.StatementSpec bound(
            JdbcClient.StatementSpec statement, String key, ClientSettings settings, Instant now) {
        var uri = settings.jwksUri();
        var external = settings.external();
        return statement
                .param("key", key)
                .param("system", settings.system())
                .param("scopes", text(settings.scopes()))
                .param("expires", JdbcTimes.toJdbcOrNull(settings.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("method", settings.method().text())
                .param("jwks", settings.jwks(), Types.VARCHAR)
                .param("jwksUri", uri == null ? null : uri.toString(), Types.VARCHAR)
                .param("issuer", external == null ? null : external.issuer(), Types.VARCHAR)
                .param("subject", external == null ? null : external.subject(), Types.VARCHAR)
                .param("now", JdbcTimes.toJdbc(now));
    }

    @Override
    public Optional<Told> change(String key, int version, ClientSettings settings) {
        return inTransaction(() -> {
            var before = find(key).filter(client -> client.version() == version);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            var changed = bound(jdbc.sql(CHANGE), key, settings, clock.now())
                    .param("version", version)
                    .update();
            if (changed == 0) {
                return Optional.empty();
            }
            var was = before.get().settings();
            String secret = null;
            if (was.method() != settings.method()) {
                secret = settings.method() == AuthMethod.CLIENT_SECRET_BASIC ? newSecret() : null;
                jdbc.sql(RESET_SECRET)
                        .param("key", key)
                        .param("hash", hash(secret))
                        .update();
                forgetKept(key, SECRET_KIND);
            }
            String webhook = null;
            if (was.webhook() != settings.webhook()) {
                webhook = settings.webhook() ? WebhookSigner.newSecret() : null;
                jdbc.sql(RESET_WEBHOOK)
                        .param("key", key)
                        .param("webhook", sealed(webhook, cell(key, WEBHOOK_COLUMN)), Types.VARCHAR)
                        .update();
                forgetKept(key, WEBHOOK_KIND);
            }
            return told(key, secret, webhook);
        });
    }

    @Override
    public Optional<Told> rotate(String key, int version) {
        return inTransaction(() -> {
            var now = clock.now();
            var turned = jdbc.sql(NEXT_VERSION)
                    .param("key", key)
                    .param("version", version)
                    .param("now", JdbcTimes.toJdbc(now))
                    .update();
            if (turned == 0) {
                return Optional.empty();
            }
            jdbc.sql(FORGET_ENDED)
                    .param("key", key)
                    .param("now", JdbcTimes.toJdbc(now))
                    .update();
            var settings = find(key).orElseThrow().settings();
            var until = JdbcTimes.toJdbc(now.plus(OLD_SECRET_WORKS));
            String secret = null;
            if (settings.method() == AuthMethod.CLIENT_SECRET_BASIC) {
                secret = newSecret();
                oldHash(key).ifPresent(old -> keep(key, SECRET_KIND, version + 1, old, now));
                jdbc.sql(ROTATE_SECRET)
                        .param("key", key)
                        .param("hash", hash(secret))
                        .param("until", until)
                        .update();
            }
            String webhook = null;
            if (settings.webhook()) {
                webhook = WebhookSigner.newSecret();
                var row = webhookRow(key).orElseThrow();
                if (row.old() != null && row.oldUntil() != null) {
                    var resealed = box.seal(row.old(), olderCell(key, version + 1));
                    keep(key, WEBHOOK_KIND, version + 1, new OldSecret(resealed, row.oldUntil()), now);
                }
                jdbc.sql(ROTATE_WEBHOOK)
                        .param("key", key)
                        .param("old", sealed(row.current(), cell(key, OLD_WEBHOOK_COLUMN)), Types.VARCHAR)
                        .param("until", until)
                        .param("webhook", sealed(webhook, cell(key, WEBHOOK_COLUMN)))
                        .update();
            }
            return told(key, secret, webhook);
        });
    }

    private record OldSecret(String stored, Instant until) {}

    private Optional<OldSecret> oldHash(String key) {
        return jdbc.sql(OLD_HASH)
                .param("key", key)
                .query((row, number) ->
                        new OldSecret(row.getString("old_secret_hash"), JdbcTimes.instant(row, "old_secret_until")))
                .optional();
    }

    /**
     * Keeps what this rotation takes the place of until its day is over: an operator whose rotation was not answered rotates
     * once more, while those who are to be told still work with the secret from before.
     */
    private void keep(String key, String kind, int version, OldSecret old, Instant now) {
        if (!now.isBefore(old.until())) {
            return;
        }
        var kept = jdbc.sql(KEPT_OLD)
                .param("key", key)
                .param("kind", kind)
                .query((row, number) -> JdbcTimes.instant(row, "works_until"))
                .list();
        // with the one that now comes to them, and the one whose day begins
        if (kept.size() + 2 > MOST_OLD_SECRETS) {
            throw ProblemException.of(409, "too-many-old-secrets", "The client has too many secrets that still work")
                    .detail("It was rotated " + MOST_OLD_SECRETS
                            + " times within a day, and each old secret works for one.")
                    .header(
                            HttpHeaders.RETRY_AFTER,
                            String.valueOf(Duration.between(now, kept.get(kept.size() - 1))
                                    .plusSeconds(1)
                                    .toSeconds()));
        }
        jdbc.sql(KEEP_OLD)
                .param("key", key)
                .param("kind", kind)
                .param("version", version)
                .param("secret", old.stored())
                .param("until", JdbcTimes.toJdbc(old.until()))
                .update();
    }

    private void forgetKept(String key, String kind) {
        jdbc.sql(FORGET_KEPT).param("key", key).param("kind", kind).update();
    }

    private Optional<Told> told(String key, @Nullable String secret, @Nullable String webhook) {
        return find(key).map(client -> new Told(client, secret, webhook));
    }

    private <T> Optional<T> inTransaction(Supplier<Optional<T>> work) {
        var done = transaction.<Optional<T>>execute(status -> work.get());
        return done == null ? Optional.empty() : done;
    }

    @Override
    public boolean delete(String key, int version) {
        return jdbc.sql(DELETE).param("key", key).param("version", version).update() == 1;
    }

    boolean namesIssuer(String issuerKey) {
        return jdbc.sql(OF_ISSUER)
                        .param("issuer", issuerKey)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** The client that this secret belongs to, those that a rotation took the place of included for their 24 h each. */
    Optional<Client> authenticate(String key, String secret) {
        if (!Keys.isKey(key)) {
            // Not every database takes every character.
            SecretHashes.matchesNothing(secret);
            return Optional.empty();
        }
        var rows = jdbc.sql(SECRETS)
                .param("key", key)
                .query((row, number) -> new Secrets(
                        client(row),
                        row.getString("secret_hash"),
                        row.getString("old_secret_hash"),
                        JdbcTimes.instantOrNull(row, "old_secret_until"),
                        row.getString("older_hash"),
                        JdbcTimes.instantOrNull(row, "older_until"),
                        JdbcTimes.instant(row, "read_at")))
                .list();
        if (rows.isEmpty()) {
            SecretHashes.matchesNothing(secret);
            return Optional.empty();
        }
        return Secrets.match(rows, secret) ? Optional.of(rows.get(0).client()) : Optional.empty();
    }

    /** Whether a client is left that may do everything, and does not end by itself. */
    boolean anyAdmin() {
        return jdbc.sql(ENABLED).query((row, number) -> client(row)).list().stream()
                .anyMatch(client -> client.settings().administersForGood());
    }

    /** Notes that the client came in; says nothing when it is no more. */
    void used(String key, Instant at) {
        jdbc.sql(USED).param("key", key).param("now", JdbcTimes.toJdbc(at)).update();
    }

    // --- webhook secrets

    private record WebhookRow(
            @Nullable String current,
            @Nullable String old,
            @Nullable Instant oldUntil) {}

    /** The secrets that this client's webhooks may be signed with at this time, the newest first; empty: it may send none. */
    List<String> webhookSecrets(String key, Instant now) {
        var secrets = new ArrayList<String>();
        webhookRow(key).ifPresent(row -> {
            if (row.current() != null) {
                secrets.add(row.current());
            }
            if (row.old() != null && row.oldUntil() != null && now.isBefore(row.oldUntil())) {
                secrets.add(row.old());
                secrets.addAll(olderWebhookSecrets(key, now));
            }
        });
        return secrets;
    }

    /** Each of them ends before the one that came after it. */
    private List<String> olderWebhookSecrets(String key, Instant now) {
        return jdbc
                .sql(KEPT_OLD)
                .param("key", key)
                .param("kind", WEBHOOK_KIND)
                .query((row, number) -> now.isBefore(JdbcTimes.instant(row, "works_until"))
                        ? Optional.of(box.open(row.getString("secret"), olderCell(key, row.getInt("owner_version"))))
                        : Optional.<String>empty())
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static SecretBox.Cell olderCell(String key, int version) {
        return new SecretBox.Cell(OLDER_TABLE, key + "/" + version, OLDER_COLUMN);
    }

    private Optional<WebhookRow> webhookRow(String key) {
        return jdbc.sql(WEBHOOK_SECRETS)
                .param("key", key)
                .query((row, number) -> new WebhookRow(
                        opened(row.getString("webhook_secret"), cell(key, WEBHOOK_COLUMN)),
                        opened(row.getString("old_webhook_secret"), cell(key, OLD_WEBHOOK_COLUMN)),
                        JdbcTimes.instantOrNull(row, "old_webhook_until")))
                .optional();
    }

    private static SecretBox.Cell cell(String key, String column) {
        return new SecretBox.Cell(TABLE, key, column);
    }

    private @Nullable String sealed(@Nullable String secret, SecretBox.Cell cell) {
        return secret == null ? null : box.seal(secret, cell);
    }

    private @Nullable String opened(@Nullable String sealed, SecretBox.Cell cell) {
        return sealed == null ? null : box.open(sealed, cell);
    }

    @Override
    public List<SealedCells.Stored> stored() {
        var cells = new ArrayList<SealedCells.Stored>();
        jdbc.sql(SEALED).query(row -> {
            var key = row.getString("client_key");
            for (var column : List.of(WEBHOOK_COLUMN, OLD_WEBHOOK_COLUMN)) {
                var text = row.getString(column);
                if (text != null) {
                    cells.add(new SealedCells.Stored(cell(key, column), text));
                }
            }
        });
        jdbc.sql(SEALED_OLDER).query(row -> {
            var cell = olderCell(row.getString("owner_key"), row.getInt("owner_version"));
            cells.add(new SealedCells.Stored(cell, row.getString("secret")));
        });
        return cells;
    }

    @Override
    public boolean replace(SecretBox.Cell cell, String before, String anew) {
        if (cell.table().equals(OLDER_TABLE)) {
            var slash = cell.row().lastIndexOf('/');
            return jdbc.sql(RESEAL_OLDER)
                            .param("key", cell.row().substring(0, slash))
                            .param("version", Integer.parseInt(cell.row().substring(slash + 1)))
                            .param("before", before)
                            .param("anew", anew)
                            .update()
                    == 1;
        }
        return jdbc.sql(cell.column().equals(WEBHOOK_COLUMN) ? RESEAL : RESEAL_OLD)
                        .param("key", cell.row())
                        .param("before", before)
                        .param("anew", anew)
                        .update()
                == 1;
    }

    /** Whether there is neither a person nor a client, but for the portal's own. */
    boolean isEmpty(String portal) {
        return jdbc.sql(COUNT_ANY).param("portal", portal).query(Integer.class).single() == 0;
    }

    /** Makes a client of an empty platform with a secret chosen by the operator; false when there is an account already. */
    boolean createFirst(String key, Set<Scope> scopes, String chosenSecret, String portal) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (!lockWhileEmpty(portal) || find(key).isPresent()) {
                return false;
            }
            insert(key, ClientSettings.of(null, scopes), null, SecretHashes.ofChosen(chosenSecret));
            return true;
        }));
    }

    /**
     * Whether the set-up code is good, within the transaction that makes the first account for it: nobody else's will be
     * until that ends.
     */
    boolean takesSetupCode(String codeHash, Duration codeWorks, String portal) {
        return lockWhileEmpty(portal)
                && jdbc.sql(FIND_CODE)
                                .param("hash", codeHash)
                                .param("since", JdbcTimes.toJdbc(clock.now().minus(codeWorks)))
                                .query(Integer.class)
                                .single()
                        > 0;
    }

    void addSetupCode(String codeHash) {
        jdbc.sql(ADD_CODE).param("hash", codeHash).update();
    }

    private boolean lockWhileEmpty(String portal) {
        jdbc.sql(LOCK_FIRST).query(Integer.class).single();
        if (!isEmpty(portal)) {
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
            @Nullable String olderHash,
            @Nullable Instant olderUntil,
            Instant at) {

        /** @param rows of one client, one for each of its older secrets, at least one */
        static boolean match(List<Secrets> rows, String secret) {
            var first = rows.get(0);
            if (first.client.settings().method() != AuthMethod.CLIENT_SECRET_BASIC
                    || !first.client.standsAt(first.at)) {
                SecretHashes.matchesNothing(secret);
                return false;
            }
            var hashes = new ArrayList<String>();
            hashes.add(first.hash);
            first.addWhileItWorks(first.oldHash, first.oldUntil, hashes);
            rows.forEach(row -> row.addWhileItWorks(row.olderHash, row.olderUntil, hashes));
            return SecretHashes.matchesOne(secret, hashes);
        }

        private void addWhileItWorks(@Nullable String old, @Nullable Instant until, List<String> hashes) {
            if (old != null && until != null && at.isBefore(until)) {
                hashes.add(old);
            }
        }
    }

    static String text(Collection<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }

    private static Client client(ResultSet row) throws SQLException {
        return new Client(
                row.getString("client_key"),
                settings(row),
                row.getInt("enabled") == 1,
                row.getInt("version"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "updated_at"),
                JdbcTimes.instantOrNull(row, "last_used_at"));
    }

    private static ClientSettings settings(ResultSet row) throws SQLException {
        var method = row.getString("auth_method");
        var uri = row.getString("jwks_uri");
        var issuer = row.getString("ext_issuer");
        return new ClientSettings(
                row.getString("system_key"),
                scopes(row.getString("scopes")),
                JdbcTimes.instantOrNull(row, "expires_at"),
                method == null
                        ? AuthMethod.CLIENT_SECRET_BASIC
                        : AuthMethod.of(method)
                                .orElseThrow(() -> new IllegalStateException("unknown method in the database")),
                row.getString("jwks"),
                uri == null ? null : URI.create(uri),
                issuer == null ? null : new ClientSettings.External(issuer, row.getString("ext_subject")),
                row.getString("webhook_secret") != null);
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
