package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.StorableText;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Signs people in whom a trusted issuer vouches for: those with an account, and those of groups that give roles. */
@Component
final class ExternalSignIns {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalSignIns.class);

    private static final int LONGEST_KEY = 50;
    private static final int LONGEST_NAME = 200;
    private static final int SUFFIX = 8;

    private final IdTokens idTokens;
    private final JdbcUsers users;
    private final JdbcClients clients;
    private final People people;
    private final Sessions sessions;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    ExternalSignIns(
            IdTokens idTokens,
            JdbcUsers users,
            JdbcClients clients,
            People people,
            Sessions sessions,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.idTokens = idTokens;
        this.users = users;
        this.clients = clients;
        this.people = people;
        this.sessions = sessions;
        this.clock = clock;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    Sessions.Opened signIn(String idToken, String nonce, Sessions.Origin origin) {
        var identity = identity(idToken, nonce, origin.remoteAddress());
        var opened = transaction.<Optional<Sessions.Opened>>execute(status -> account(identity)
                .flatMap(key -> users.lock(key))
                .map(JdbcUsers.Account::user)
                .filter(user -> user.enabled() && identity.person().equals(user.external()))
                .map(user -> sessions.openFor(user, origin, identity.signedInAt())));
        return Objects.requireNonNull(opened)
                .orElseThrow(() -> refused("nobody here is this person", origin.remoteAddress()));
    }

    /** The person has shown the issuer anew who they are, within the session. */
    Session signInAgain(String sessionId, String idToken, String nonce) {
        var address = sessions.find(sessionId).map(Session::remoteAddress).orElse(null);
        var identity = identity(idToken, nonce, address);
        if (!identity.saysWhen()) {
            throw refused("the issuer does not say when the person signed in; ask it with max_age", address);
        }
        var again = transaction.<Optional<Session>>execute(status -> sessions.lock(sessionId)
                .filter(session -> users.find(session.user())
                        .filter(user -> user.enabled() && identity.person().equals(user.external()))
                        .isPresent())
                .map(session -> sessions.signedInAgain(session, identity.signedInAt())));
        return Objects.requireNonNull(again).orElseThrow(() -> refused("it is another person", address));
    }

    private IdTokens.Identity identity(String idToken, String nonce, @Nullable String address) {
        try {
            return idTokens.read(idToken, nonce);
        } catch (BadJwtException e) {
            throw refused(Objects.toString(e.getMessage()), address);
        }
    }

    /** Within a transaction: the account of this person, made or changed as the issuer's groups say. */
    private Optional<String> account(IdTokens.Identity identity) {
        var known = users.find(identity.person());
        var rights = identity.rights();
        if (known.isEmpty()) {
            return rights.map(given -> made(identity, given));
        }
        var user = known.get();
        if (!user.fromIssuer()) {
            return Optional.of(user.key());
        }
        if (rights.isEmpty()) {
            return Optional.empty();
        }
        var now = change(user.name(), user.email(), rights.get(), user.namedScopes(), user.enabled(), identity);
        if (now.alters(user)) {
            people.follow(user, now, issuer(identity));
        }
        return Optional.of(user.key());
    }

    private String made(IdTokens.Identity identity, PeopleIssuer.Rights rights) {
        var key = key(identity);
        var name = identity.name();
        var email = identity.email();
        var document = change(
                isShort(name, LONGEST_NAME) ? name : key,
                email != null && UserDocument.isEmail(email) ? email : null,
                rights,
                Set.of(),
                true,
                identity);
        people.insert(key, document, true, clock.now());
        events.publishEvent(SecurityChanged.of(issuer(identity), "put", "user", key)
                .from(null, People.audited(users.find(key).orElseThrow())));
        return key;
    }

    private static UserChange change(
            @Nullable String name,
            @Nullable String email,
            PeopleIssuer.Rights rights,
            Set<Scope> scopes,
            boolean enabled,
            IdTokens.Identity identity) {
        return new UserChange(
                Objects.requireNonNull(name),
                email,
                rights.roles(),
                rights.labels(),
                scopes,
                enabled,
                identity.person());
    }

    /** Near to what the issuer calls them, and nobody else's. */
    private String key(IdTokens.Identity identity) {
        var wished = identity.wishedKey() == null ? identity.email() : identity.wishedKey();
        var local = wished == null ? "" : wished.split("@", 2)[0];
        var key = local.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        key = trimmed(key.substring(0, Math.min(key.length(), LONGEST_KEY)));
        if (!key.isEmpty()
                && !Keys.isReserved(key)
                && users.find(key).isEmpty()
                && clients.find(key).isEmpty()) {
            return key;
        }
        var person = identity.person();
        var hash = SecretHashes.sha256(person.issuer() + "\n" + person.subject());
        return (key.isEmpty() ? "person" : key) + "-" + hash.substring(0, SUFFIX);
    }

    private static String trimmed(String key) {
        return key.replaceAll("^-+|-+$", "");
    }

    private static boolean isShort(@Nullable String text, int longest) {
        return text != null && !text.isBlank() && text.length() <= longest && StorableText.is(text);
    }

    private static String issuer(IdTokens.Identity identity) {
        return "issuer " + identity.person().issuer();
    }

    /** The caller is told no more than for a wrong password; why is in our log and in the audit trail. */
    private ProblemException refused(String why, @Nullable String address) {
        LOG.info("An id token was refused: {}", why);
        transaction.executeWithoutResult(
                status -> events.publishEvent(SecurityChanged.of("unknown", "sign-in-refused", "user", "unknown")
                        .because(why + (address == null ? "" : "; from " + address))));
        return Sessions.refusal()
                .detail(
                        "The identity provider's word was not taken, or this account may not sign in: it needs an account"
                                + " here, or a group that has roles here.");
    }
}
