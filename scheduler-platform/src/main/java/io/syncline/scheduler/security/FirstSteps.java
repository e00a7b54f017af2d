package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Exchanges the set-up code of an empty platform for its first client, its first administrator, or both, at once. */
@Component
final class FirstSteps {

    static final Duration CODE_WORKS = Duration.ofHours(24);
    static final Set<Scope> PORTAL_SCOPES = Set.of(Scope.RUNS_READ);

    private static final String ACTOR = "set-up code";

    private final JdbcClients clients;
    private final People people;
    private final PortalProperties portal;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    FirstSteps(
            JdbcClients clients,
            People people,
            PortalProperties portal,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.clients = clients;
        this.people = people;
        this.portal = portal;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** The first administrator, who has chosen a password. */
    record Administrator(String key, UserChange document, String passwordHash) {
        @Override
        public String toString() {
            return "Administrator[" + key + "]";
        }
    }

    /**
     * What the code was exchanged for.
     *
     * @param client the client asked for; without one the portal's own, if there was none: without it nobody could sign in
     */
    record Made(Clients.@Nullable Told client, @Nullable User user) {}

    /** Whether the code would be taken now. */
    boolean isGood(String code) {
        return Boolean.TRUE.equals(transaction.execute(status -> isTaken(code)));
    }

    /** Empty when the code is not good, or the platform has an account already. */
    Optional<Made> redeem(String code, @Nullable String clientId, @Nullable Administrator administrator) {
        var made = transaction.<Optional<Made>>execute(status -> {
            if (!isTaken(code)) {
                return Optional.empty();
            }
            return Optional.of(new Made(client(clientId), user(administrator)));
        });
        return made == null ? Optional.empty() : made;
    }

    private boolean isTaken(String code) {
        var plain = code.strip().toUpperCase(Locale.ROOT);
        return clients.takesSetupCode(SecretHashes.sha256(plain), CODE_WORKS, portal.clientId());
    }

    private Clients.@Nullable Told client(@Nullable String clientId) {
        if (clientId == null && clients.find(portal.clientId()).isPresent()) {
            return null;
        }
        var key = clientId == null ? portal.clientId() : clientId;
        var scopes = clientId == null ? PORTAL_SCOPES : Set.of(Scope.ADMIN);
        var told = clients.create(key, ClientSettings.of(null, scopes)).orElseThrow(() -> EntityTags.lostRace(null));
        events.publishEvent(SecurityChanged.of(ACTOR, "put", "client", key));
        return told;
    }

    private @Nullable User user(@Nullable Administrator administrator) {
        return administrator == null
                ? null
                : people.createWithPassword(
                        administrator.key(), administrator.document(), administrator.passwordHash(), ACTOR);
    }
}
