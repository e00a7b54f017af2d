package io.syncline.scheduler.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The systems in memory. At most once a second one reader asks the database for the version numbers and reads what has
 * changed, while the others go on with what they have; a system that is not in memory is looked for at once.
 */
@Component
class CachedSystems implements Systems, Credentials {

    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Snapshot(
            Map<String, SyncSystem> byKey,
            Map<String, Map<String, KeptCredential>> credentials,
            long readAtNanos,
            boolean isNothing) {}

    private final JdbcSystems stored;
    private final SystemCredentials credentials;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Snapshot snapshot = new Snapshot(Map.of(), Map.of(), System.nanoTime() - 2 * MAX_AGE_NANOS, true);

    CachedSystems(JdbcSystems stored, SystemCredentials credentials) {
        this.stored = stored;
        this.credentials = credentials;
    }

    @Override
    public Optional<SyncSystem> find(String key) {
        SyncSystem known = fresh().get(key);
        return known != null ? Optional.of(known) : stored.current(key).map(CachedSystems::parse);
    }

    @Override
    public List<SyncSystem> all() {
        return List.copyOf(fresh().values());
    }

    @Override
    public Set<String> ownersOf(String source) {
        return fresh().values().stream()
                .filter(system -> system.sources().contains(source))
                .map(SyncSystem::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Optional<KeptCredential> find(String system, String name) {
        if (!fresh().containsKey(system)) {
            return Optional.ofNullable(credentials.of(system).get(name));
        }
        return Optional.ofNullable(
                snapshot.credentials().getOrDefault(system, Map.of()).get(name));
    }

    /** The next reader asks the database. */
    void expire() {
        Snapshot now = snapshot;
        snapshot = new Snapshot(now.byKey(), now.credentials(), System.nanoTime() - 2 * MAX_AGE_NANOS, now.isNothing());
    }

    static SyncSystem parse(StoredVersion version) {
        return SystemDocument.read(
                Documents.json(version.document()), version.key(), version.version(), Surroundings.STORED);
    }

    private Map<String, SyncSystem> fresh() {
        Snapshot now = snapshot;
        if (System.nanoTime() - now.readAtNanos() < MAX_AGE_NANOS) {
            return now.byKey();
        }
        if (now.isNothing()) {
            // An old reading will do while somebody reads anew; none at all would say that nobody owns any source.
            reading.lock();
        } else if (!reading.tryLock()) {
            return now.byKey();
        }
        try {
            now = snapshot;
            if (System.nanoTime() - now.readAtNanos() < MAX_AGE_NANOS) {
                return now.byKey();
            }
            Snapshot read = read(now);
            snapshot = read;
            return read.byKey();
        } finally {
            reading.unlock();
        }
    }

    private Snapshot read(Snapshot before) {
        Map<String, SyncSystem> systems = new TreeMap<>();
        Map<String, Map<String, KeptCredential>> secrets = new TreeMap<>();
        List<String> changed = new ArrayList<>();
        for (JdbcSystems.Head head : stored.heads()) {
            SyncSystem system = before.byKey().get(head.key());
            if (system != null && system.version() == head.version()) {
                systems.put(head.key(), system);
                secrets.put(head.key(), before.credentials().getOrDefault(head.key(), Map.of()));
            } else {
                changed.add(head.key());
            }
        }
        for (String key : changed) {
            stored.current(key).map(CachedSystems::parse).ifPresent(system -> {
                systems.put(key, system);
                secrets.put(key, system.credentials().isEmpty() ? Map.of() : credentials.of(key));
            });
        }
        return new Snapshot(systems, secrets, System.nanoTime(), false);
    }
}
