package io.syncline.scheduler.security;

import io.syncline.scheduler.security.SigningKeys.State;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Every change happens under one row's lock, so that of many nodes that try at once one rotates and the others find it done. */
@Component
final class RotatingKeys implements SigningKeys {

    /** Revoked keys are kept to be shown; nothing is accepted by them. */
    private static final Duration REVOKED_KEPT = Duration.ofDays(90);

    private static final String SCHEDULE = "syncline";

    private static final Logger LOG = LoggerFactory.getLogger(RotatingKeys.class);

    private final JdbcKeyRows rows;
    private final PlatformKeys keys;
    private final KeyProperties properties;
    private final DatabaseClock clock;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;

    RotatingKeys(
            JdbcKeyRows rows,
            PlatformKeys keys,
            KeyProperties properties,
            DatabaseClock clock,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.keys = keys;
        this.properties = properties;
        this.clock = clock;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public List<Key> list() {
        return shown(rows.all());
    }

    @Override
    public List<Key> rotate(KeyPurpose purpose, String actor, String reason) {
        return changed(() -> {
            var standing = standing(purpose);
            var now = clock.now();
            var ready = standing.next().createdAt().plus(properties.lead());
            if (now.isBefore(ready)) {
                throw tooSoon(now, ready);
            }
            turn(standing, now, actor, reason);
            return list().stream().filter(key -> key.purpose() == purpose).toList();
        });
    }

    private static ProblemException tooSoon(Instant now, Instant ready) {
        return ProblemException.of(409, "key-not-ready", "The next key is not ready")
                .detail("The next key is still being made known; it may sign from " + ready
                        + ". A key that is in wrong hands is revoked, which does not wait.")
                .header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(Duration.between(now, ready).toSeconds() + 1));
    }

    @Override
    public Optional<Key> revoke(String kid, String actor, String reason) {
        return changed(() -> {
            var known = rows.all().stream().filter(key -> key.kid().equals(kid)).findFirst();
            if (known.isEmpty() || known.get().revokedAt() != null) {
                return find(kid);
            }
            var purpose = known.get().purpose();
            var standing = standing(purpose);
            var now = clock.now();
            rows.revoke(kid, now);
            String current = null;
            if (kid.equals(standing.current().kid())) {
                rows.activate(standing.next().kid(), now);
                current = standing.next().kid();
            }
            if (known.get().stands()) {
                rows.add(PlatformKey.made(purpose, standing.newest() + 1, properties.algorithm()), now, false);
            }
            events.publishEvent(new KeyChanged(actor, "revoke", purpose, kid, current, reason));
            LOG.warn("{} key {} was revoked by {}", purpose, kid, actor);
            return find(kid);
        });
    }

    @Override
    public void rotateWhatIsDue() {
        changed(() -> {
            var now = clock.now();
            for (var purpose : KeyPurpose.values()) {
                var standing = standing(purpose);
                if (!now.isBefore(standing.current().signsSince().plus(properties.rotateEvery()))
                        && !now.isBefore(standing.next().createdAt().plus(properties.lead()))) {
                    turn(standing, now, SCHEDULE, "Due after " + properties.rotateEvery());
                }
            }
            rows.all().stream().filter(key -> isOver(key, now)).forEach(key -> rows.remove(key.kid()));
            return true;
        });
    }

    private boolean isOver(KeyStanding key, Instant now) {
        if (key.revokedAt() != null) {
            return key.revokedAt().plus(REVOKED_KEPT).isBefore(now);
        }
        return key.retiredAt() != null
                && KeyStanding.acceptedUntil(key.retiredAt(), key.usedUntil(), properties.overlap())
                        .isBefore(now);
    }

    private void turn(Standing standing, Instant now, String actor, String reason) {
        var retired = standing.current();
        var current = standing.next();
        rows.retire(retired.kid(), now);
        rows.activate(current.kid(), now);
        rows.add(PlatformKey.made(retired.purpose(), standing.newest() + 1, properties.algorithm()), now, false);
        events.publishEvent(new KeyChanged(actor, "rotate", retired.purpose(), retired.kid(), current.kid(), reason));
        LOG.info("{} key {} signs in the place of {}", retired.purpose(), current.kid(), retired.kid());
    }

    /** This node knows the change before the caller is answered. */
    private <T> T changed(Supplier<T> change) {
        var result = transaction.execute(status -> {
            rows.lock();
            return change.get();
        });
        if (result == null) {
            throw new IllegalStateException("a change of keys without a result");
        }
        keys.readAgain();
        return result;
    }

    /** @param newest the highest generation there is */
    private record Standing(KeyStanding current, KeyStanding next, int newest) {}

    private Standing standing(KeyPurpose purpose) {
        var all = rows.all().stream().filter(key -> key.purpose() == purpose).toList();
        var standing = all.stream().filter(KeyStanding::stands).toList();
        if (standing.size() < 2) {
            throw new IllegalStateException("there is no current and next key of purpose " + purpose);
        }
        var oldest = standing.size() - 1;
        return new Standing(
                standing.get(oldest), standing.get(oldest - 1), all.get(0).generation());
    }

    private Optional<Key> find(String kid) {
        return list().stream().filter(key -> key.kid().equals(kid)).findFirst();
    }

    private List<Key> shown(List<KeyStanding> all) {
        var shown = new ArrayList<Key>();
        for (var key : all) {
            var current = all.stream()
                    .filter(other -> other.purpose() == key.purpose() && other.stands())
                    .mapToInt(KeyStanding::generation)
                    .min();
            shown.add(shown(key, current.isPresent() && current.getAsInt() == key.generation()));
        }
        return shown;
    }

    private Key shown(KeyStanding key, boolean current) {
        return new Key(
                key.kid(),
                key.purpose(),
                key.algorithm(),
                state(key, current),
                key.createdAt(),
                current ? key.signsSince() : key.activatedAt(),
                key.retiredAt(),
                acceptedUntil(key),
                key.revokedAt());
    }

    private @Nullable Instant acceptedUntil(KeyStanding key) {
        return key.revokedAt() != null || key.retiredAt() == null
                ? null
                : KeyStanding.acceptedUntil(key.retiredAt(), key.usedUntil(), properties.overlap());
    }

    private static State state(KeyStanding key, boolean current) {
        if (key.revokedAt() != null) {
            return State.REVOKED;
        }
        if (key.retiredAt() != null) {
            return State.RETIRED;
        }
        return current ? State.CURRENT : State.NEXT;
    }
}
