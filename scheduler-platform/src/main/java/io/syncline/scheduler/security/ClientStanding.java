package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
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
    private final LongSupplier nanos;
    private final ConcurrentMap<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Optional<Client> client, long atNanos) {}

    @Autowired
    ClientStanding(Clients clients) {
        this(clients, System::nanoTime);
    }

    ClientStanding(Clients clients, LongSupplier nanos) {
        this.clients = clients;
        this.nanos = nanos;
    }

    Optional<Client> find(String key) {
        var now = nanos.getAsLong();
        var last = known.get(key);
        if (last != null && now - last.atNanos() < FRESH_NANOS) {
            return last.client();
        }
        var fresh = clients.find(key).filter(Client::enabled);
        if (known.size() >= MOST_REMEMBERED) {
            known.clear();
        }
        known.put(key, new Known(fresh, now));
        return fresh;
    }

    /** This node has changed the client itself and need not wait. */
    void forget(String key) {
        known.remove(key);
    }
}
