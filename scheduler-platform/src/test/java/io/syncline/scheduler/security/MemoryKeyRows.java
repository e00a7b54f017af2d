package io.syncline.scheduler.security;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Keys without a database; counts how often they are read. */
final class MemoryKeyRows implements KeyRows {

    final List<PlatformKey> keys = new ArrayList<>();
    int reads;

    @Override
    public synchronized List<PlatformKey> usable() {
        reads++;
        return keys.stream()
                .sorted(Comparator.comparing(PlatformKey::purpose).thenComparing(PlatformKey::generation))
                .toList();
    }

    @Override
    public synchronized void useUntil(String kid, Instant until) {
        keys.replaceAll(key -> key.kid().equals(kid)
                ? new PlatformKey(
                        kid,
                        key.purpose(),
                        key.generation(),
                        key.algorithm(),
                        key.publicKey(),
                        key.privateKey(),
                        key.acceptedFor(),
                        until)
                : key);
    }

    static KeyProperties properties() {
        return new KeyProperties(
                Duration.ofDays(30),
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                Duration.ofSeconds(30),
                SigningAlgorithm.ES256);
    }

    @Override
    public synchronized void addUnlessPresent(PlatformKey key) {
        if (keys.stream()
                .noneMatch(known -> known.purpose() == key.purpose() && known.generation() == key.generation())) {
            keys.add(key);
        }
    }
}
