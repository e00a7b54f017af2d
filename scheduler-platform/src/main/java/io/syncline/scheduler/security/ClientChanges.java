package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Changes of clients by operators, each with its audit entry in one transaction. */
@Component
final class ClientChanges {

    private static final String KIND = "client";

    private final JdbcClients clients;
    private final JdbcUsers users;
    private final JdbcTrustedIssuers issuers;
    private final RemoteJwks remote;
    private final ClientStanding standing;
    private final LastAdmin lastAdmin;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    ClientChanges(
            JdbcClients clients,
            JdbcUsers users,
            JdbcTrustedIssuers issuers,
            RemoteJwks remote,
            ClientStanding standing,
            LastAdmin lastAdmin,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.clients = clients;
        this.users = users;
        this.issuers = issuers;
        this.remote = remote;
        this.standing = standing;
        this.lastAdmin = lastAdmin;
        this.clock = clock;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @param created whether there was none of this key before */
    record Put(boolean created, Clients.Told told) {}

    Put put(String actor, String key, JsonNode body, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        var known = clients.find(key).orElse(null);
        EntityTags.requirePut(known == null ? null : known.version(), ifMatch, ifNoneMatch);
        var settings = ClientDocument.of(key, body, clock.now());
        requireReachable(settings);
        var put = done(() -> {
            var leaves = known != null && known.settings().administersForGood() && !settings.administersForGood();
            if (leaves) {
                lastAdmin.lock();
            }
            if (known == null && users.find(key).isPresent()) {
                throw People.nameTaken();
            }
            requireExternal(key, settings);
            var told = (known == null ? clients.create(key, settings) : clients.change(key, known.version(), settings))
                    .orElseThrow(() -> EntityTags.lostRace(null));
            if (leaves) {
                lastAdmin.requireOne();
            }
            publish(actor, "put", key, known, told.client(), null);
            return new Put(known == null, told);
        });
        standing.forget(key);
        return put;
    }

    Clients.Told rotate(String actor, Client known, @Nullable String reason) {
        if (known.settings().method() != AuthMethod.CLIENT_SECRET_BASIC
                && !known.settings().webhook()) {
            throw ProblemException.of(409, "nothing-to-rotate", "The client has no secret")
                    .detail("It shows itself by keys of its own; put the new ones with PUT.");
        }
        var told = done(() -> {
            var turned = clients.rotate(known.key(), known.version()).orElseThrow(() -> EntityTags.lostRace(null));
            publish(actor, "rotate", known.key(), known, turned.client(), reason);
            return turned;
        });
        standing.forget(known.key());
        return told;
    }

    void delete(String actor, Client known, @Nullable String reason) {
        done(() -> {
            var leaves = known.settings().administersForGood();
            if (leaves) {
                lastAdmin.lock();
            }
            if (!clients.delete(known.key(), known.version())) {
                throw EntityTags.lostRace(null);
            }
            if (leaves) {
                lastAdmin.requireOne();
            }
            publish(actor, "delete", known.key(), known, null, reason);
            return known;
        });
        standing.forget(known.key());
    }

    private <T> T done(Supplier<T> change) {
        return Optional.ofNullable(transaction.<T>execute(status -> change.get()))
                .orElseThrow();
    }

    private void requireReachable(ClientSettings settings) {
        if (settings.jwksUri() != null) {
            var problem = ClientDocument.invalid();
            remote.require(settings.jwksUri(), "/jwksUri", problem);
            if (problem.hasErrors()) {
                throw problem;
            }
        }
    }

    /** The issuer's row is locked meanwhile: of two clients that would be one subject, one comes second. */
    private void requireExternal(String key, ClientSettings settings) {
        var external = settings.external();
        if (external == null) {
            return;
        }
        if (issuers.lock(external.issuer()).isEmpty()) {
            throw ClientDocument.invalid().error("/external/issuer", "is no trusted issuer", "unknown-issuer");
        }
        var other = clients.findExternal(external.issuer(), external.subject())
                .filter(client -> !client.key().equals(key));
        if (other.isPresent()) {
            throw ClientDocument.invalid().error("/external/subject", "is another client already", "taken");
        }
    }

    private void publish(
            String actor,
            String action,
            String key,
            @Nullable Client before,
            @Nullable Client after,
            @Nullable String reason) {
        var change = SecurityChanged.of(actor, action, KIND, key)
                .from(
                        before == null ? null : ClientsController.view(before),
                        after == null ? null : ClientsController.view(after));
        events.publishEvent(reason == null || reason.isBlank() ? change : change.because(reason));
    }
}
