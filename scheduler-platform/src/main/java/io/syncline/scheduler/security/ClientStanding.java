package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Whether a client still stands, looked up at most every 20 s: its tokens end well within 60 s of its deletion or of a cut of
 * its scopes, on every node.
 */
@Component
final class ClientStanding {

    private static final long FRESH_NANOS = Duration.ofSeconds(20).toNanos();
    private static final int MOST_REMEMBERED = 10_000;

    private final Clients clients;
    private final SteadyClock clock;
    private final LongSupplier nanos;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Optional<Client> client, long atNanos) {}

    @Autowired
    ClientStanding(Clients clients, SteadyClock clock) {
        this(clients, clock, System::nanoTime);
    }

    ClientStanding(Clients clients, SteadyClock clock, LongSupplier nanos) {
        this.clients = clients;
        this.clock = clock;
        this.nanos = nanos;
    }

    Optional<Client> find(String key) {
        return looked(key, () -> clients.find(key));
    }

    /** The client that a subject of a trusted issuer is; ask only for subjects that the issuer has signed. */
    Optional<Client> findExternal(String issuerKey, String subject) {
        // No key holds a space.
        return looked(issuerKey + " " + subject, () -> clients.findExternal(issuerKey, subject));
    }

    private Optional<Client> looked(String name, Supplier<Optional<Client>> look) {
        var now = nanos.getAsLong();
        var last = known.get(name);
        if (last == null || now - last.atNanos() >= FRESH_NANOS) {
            if (known.size() >= MOST_REMEMBERED) {
                known.clear();
            }
            last = new Known(look.get(), now);
            known.put(name, last);
        }
        return last.client().filter(client -> client.standsAt(clock.now()));
    }

    /** This node has changed the client itself and need not wait. */
    void forget(String key) {
        known.remove(key);
        known.keySet().removeIf(name -> name.indexOf(' ') > 0);
    }
}
