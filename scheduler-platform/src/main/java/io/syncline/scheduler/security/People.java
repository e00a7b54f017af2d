package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The accounts of people. What changes an account's rights or its password ends its sessions. */
@Component
final class People {

    static final Duration CODE_WORKS = Duration.ofHours(24);

    private static final String USER = "user";

    private final JdbcUsers users;
    private final JdbcSessions sessions;
    private final JdbcClients clients;
    private final LastAdmin lastAdmin;
    private final Passwords passwords;
    private final SignInDelays delays;
    private final SessionStanding standing;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    @SuppressWarnings("java:S107") // its collaborators
    People(
            JdbcUsers users,
            JdbcSessions sessions,
            JdbcClients clients,
            LastAdmin lastAdmin,
            Passwords passwords,
            SignInDelays delays,
            SessionStanding standing,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.users = users;
        this.sessions = sessions;
        this.clients = clients;
        this.lastAdmin = lastAdmin;
        this.passwords = passwords;
        this.delays = delays;
        this.standing = standing;
        this.clock = clock;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * A person with the code by which they set their password, told once.
     *
     * @param setUpCode null for people of an issuer, who have no password here
     */
    record NewUser(User user, @Nullable String setUpCode) {
        @Override
        public String toString() {
            return "NewUser[" + user.key() + "]";
        }
    }

    Optional<User> find(String key) {
        return users.find(key);
    }

    List<User> list(@Nullable String afterKey, int limit) {
        return users.list(afterKey, limit);
    }

    NewUser create(String key, UserChange document, String actor) {
        return inTransaction(() -> {
            var now = clock.now();
            if (clients.find(key).isPresent()) {
                throw nameTaken();
            }
            insert(key, document, false, now);
            var code = document.external() == null ? FirstClient.newCode() : null;
            if (code != null) {
                users.setCode(key, SecretHashes.sha256(code), now.plus(CODE_WORKS));
            }
            var made = users.find(key).orElseThrow();
            events.publishEvent(SecurityChanged.of(actor, "put", USER, key).from(null, audited(made)));
            return new NewUser(made, code);
        });
    }

    /** Within a transaction: makes an account with this password. */
    User createWithPassword(String key, UserChange document, String passwordHash, String actor) {
        var now = clock.now();
        if (clients.find(key).isPresent()) {
            throw nameTaken();
        }
        insert(key, document, false, now);
        users.setPassword(key, passwordHash, now);
        var made = users.find(key).orElseThrow();
        events.publishEvent(SecurityChanged.of(actor, "put", USER, key).from(null, audited(made)));
        return made;
    }

    /** Within a transaction. */
    void insert(String key, UserChange document, boolean fromIssuer, Instant now) {
        var external = document.external();
        if (external != null && users.find(external).isPresent()) {
            throw externalTaken();
        }
        if (!users.insert(key, document, fromIssuer, now)) {
            throw EntityTags.lostRace(null);
        }
    }

    User change(String key, int version, UserChange document, String actor) {
        return inTransaction(() -> {
            lastAdmin.lock();
            var before = users.lock(key)
                    .map(JdbcUsers.Account::user)
                    .filter(user -> user.version() == version)
                    .orElseThrow(() -> EntityTags.lostRace(null));
            var external = document.external();
            if (external != null
                    && !external.equals(before.external())
                    && users.find(external).isPresent()) {
                throw externalTaken();
            }
            var now = clock.now();
            // An administrator's word stands from now on, whatever the issuer's groups say.
            var fromIssuer = before.fromIssuer() && !document.alters(before);
            if (!users.change(key, version, document, fromIssuer, now)) {
                throw EntityTags.lostRace(null);
            }
            if (external != null) {
                users.forgetPassword(key);
            }
            if (document.alters(before)) {
                end(key, "account-changed", now);
            }
            lastAdmin.requireOneWithout(before);
            var after = users.find(key).orElseThrow();
            events.publishEvent(SecurityChanged.of(actor, "put", USER, key).from(audited(before), audited(after)));
            return after;
        });
    }

    /** Within a transaction: the account follows what its issuer says now. */
    void follow(User before, UserChange document, String actor) {
        lastAdmin.lock();
        var now = clock.now();
        if (!users.change(before.key(), before.version(), document, true, now)) {
            throw EntityTags.lostRace(null);
        }
        end(before.key(), "account-changed", now);
        lastAdmin.requireOneWithout(before);
        var after = users.find(before.key()).orElseThrow();
        events.publishEvent(SecurityChanged.of(actor, "put", USER, before.key()).from(audited(before), audited(after)));
    }

    /** @param reason audited with the change; null where none was said */
    void delete(String key, int version, String actor, @Nullable String reason) {
        inTransaction(() -> {
            lastAdmin.lock();
            var before = users.find(key).orElseThrow(Problems::notFound);
            if (!users.delete(key, version)) {
                throw EntityTags.lostRace(null);
            }
            end(key, "account-removed", clock.now());
            lastAdmin.requireOneWithout(before);
            events.publishEvent(SecurityChanged.of(actor, "delete", USER, key)
                    .because(reason)
                    .from(audited(before), null));
            return before;
        });
    }

    /** Takes the password away and answers a code for a new one; the person's sessions end. */
    NewUser reset(String key, String actor, @Nullable String reason) {
        return inTransaction(() -> {
            lastAdmin.lock();
            var user = users.lock(key).map(JdbcUsers.Account::user).orElseThrow(Problems::notFound);
            if (user.external() != null) {
                throw ProblemException.of(409, "no-password-here", "No password here")
                        .detail("This person signs in at an identity provider and has no password here.");
            }
            var now = clock.now();
            var code = FirstClient.newCode();
            users.setCode(key, SecretHashes.sha256(code), now.plus(CODE_WORKS));
            end(key, "password-reset", now);
            lastAdmin.requireOneWithout(user);
            events.publishEvent(SecurityChanged.of(actor, "reset", USER, key).because(reason));
            return new NewUser(user, code);
        });
    }

    /** Sets the password of whoever holds the code; wrong codes and unknown people are answered alike. */
    void setPasswordByCode(String key, String code, String password, @Nullable String address) {
        var attempt = delays.begin("code " + key, address);
        var plain = code.strip().toUpperCase(Locale.ROOT);
        var codeHash = SecretHashes.sha256(plain);
        var now = clock.now();
        var account = users.account(key).filter(found -> isGood(codeHash, found, now));
        if (account.isEmpty()) {
            throw codeRefused();
        }
        requireGood("/password", password, account.get().user());
        var hash = passwords.hash(password);
        inTransaction(() -> {
            var present = users.lock(key)
                    .filter(found -> isGood(codeHash, found, clock.now()))
                    .orElseThrow(People::codeRefused);
            setPassword(present.user(), hash, "-");
            return present;
        });
        delays.succeeded(attempt);
    }

    /** The person's own change: the session in which it is made stays, the others end. */
    void changePassword(String key, String session, String current, String password, @Nullable String address) {
        var attempt = delays.begin(key, address);
        var account = users.account(key).orElseThrow(() -> Problems.unauthorized(true));
        if (!passwords.matches(current, account.passwordHash())) {
            throw ProblemException.of(403, "sign-in-refused", "Sign-in refused")
                    .detail("The current password is wrong.");
        }
        requireGood("/password", password, account.user());
        if (passwords.matches(password, account.passwordHash())) {
            throw invalidPassword("/password", "is the present one");
        }
        var hash = passwords.hash(password);
        inTransaction(() -> {
            var present = users.lock(key)
                    .filter(found -> Objects.equals(found.passwordHash(), account.passwordHash()))
                    .orElseThrow(() -> EntityTags.lostRace(null));
            setPassword(present.user(), hash, session);
            return present;
        });
        delays.succeeded(attempt);
    }

    private void setPassword(User user, String hash, String keptSession) {
        var now = clock.now();
        users.setPassword(user.key(), hash, now);
        sessions.endAllBut(keptSession, user.key(), "password-changed", now);
        standing.forgetAll();
        events.publishEvent(SecurityChanged.of(user.key(), "set-password", USER, user.key()));
    }

    private void end(String key, String why, Instant now) {
        sessions.endAll(key, why, now);
        standing.forgetAll();
    }

    private static boolean isGood(String codeHash, JdbcUsers.Account account, Instant now) {
        var setupHash = account.setupHash();
        var setupUntil = account.setupUntil();
        return setupHash != null
                && setupUntil != null
                && now.isBefore(setupUntil)
                && account.user().enabled()
                && SecretHashes.same(setupHash, codeHash);
    }

    static void requireGood(String pointer, String password, User person) {
        var fault = PasswordRules.fault(password, person);
        if (fault != null) {
            throw invalidPassword(pointer, fault);
        }
    }

    private static ProblemException invalidPassword(String pointer, String fault) {
        return ProblemException.of(422, "password-invalid", "Invalid password")
                .detail("Choose a password of 12 to 128 characters that nobody guesses; any characters do.")
                .error(pointer, fault, "password");
    }

    private static ProblemException codeRefused() {
        return ProblemException.of(403, "code-refused", "Code refused")
                .detail("The code is wrong, used, or older than 24 hours; an administrator gives a new one.");
    }

    static ProblemException nameTaken() {
        return ProblemException.of(409, "name-taken", "Name taken")
                .detail("A person or client has this key already; what they do must be told apart.");
    }

    private static ProblemException externalTaken() {
        return ProblemException.of(409, "external-person-taken", "Person taken")
                .detail("Another account is of this person of this issuer.");
    }

    /** What the audit trail keeps of an account. */
    static Map<String, Object> audited(User user) {
        var view = new LinkedHashMap<String, Object>();
        view.put("name", user.name());
        var email = user.email();
        if (email != null) {
            view.put("email", email);
        }
        view.put("roles", user.roles().stream().sorted().map(Role::text).toList());
        view.put("labels", JdbcUsers.texts(user.labels()));
        view.put("scopes", user.namedScopes().stream().sorted().map(Scope::text).toList());
        view.put("enabled", user.enabled());
        var external = user.external();
        if (external != null) {
            view.put("external", Map.of("issuer", external.issuer(), "subject", external.subject()));
        }
        return view;
    }

    private <T> T inTransaction(Supplier<T> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
