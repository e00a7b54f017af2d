package io.syncline.scheduler.security;

import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/**
 * The keys of the platform as this node knows them: read again at most every second, so that a new key is known and a
 * revoked one refused everywhere soon, and no caller can make us ask the database more often. While they cannot be read the
 * known ones stand until they are 60 s old; after that nothing is signed or accepted.
 */
@Component
final class PlatformKeys implements InitializingBean {

    static final Duration USABLE_FOR = Duration.ofSeconds(60);
    private static final Duration RETRY_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    /** How far ahead the use of a callback key is noted, so that few tokens have to note anything. */
    private static final Duration NOTED_AHEAD = Duration.ofDays(7);

    private static final Duration FAR = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger(PlatformKeys.class);

    private final KeyRows rows;
    private final KeyProperties properties;
    private final LongSupplier nanos;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable Loaded loaded;
    private volatile @Nullable Long failedAtNanos;

    /** The private key that signs now. */
    record Signer(String kid, SigningAlgorithm algorithm, PrivateKey key) {}

    /** The key that makes callback tokens now. */
    record MacSigner(int generation, byte[] key) {}

    /** @param until in nanoseconds of this node; null while it may sign */
    private record Accepted<T>(T key, @Nullable Long until) {

        boolean isOver(long nanos) {
            return until != null && nanos - until >= 0;
        }
    }

    private record Loaded(
            long atNanos,
            List<PlatformKey> keys,
            Map<String, KeyPair> pairs,
            Signer signer,
            Map<String, Accepted<VerificationKey>> published,
            List<String> publishedOrder,
            Map<Integer, Accepted<byte[]>> macKeys,
            PlatformKey macSigner) {}

    @Autowired
    PlatformKeys(KeyRows rows, KeyProperties properties, SealedSecrets checkedBefore) {
        this(rows, properties, System::nanoTime);
    }

    PlatformKeys(KeyRows rows, KeyProperties properties, LongSupplier nanos) {
        this.rows = rows;
        this.properties = properties;
        this.nanos = nanos;
    }

    /** Makes what is missing: of each purpose a current and a next key. Several nodes may do so at once. */
    @Override
    public void afterPropertiesSet() {
        var present = rows.usable();
        OneKeyOnePurpose.require(present);
        for (var purpose : KeyPurpose.values()) {
            var ours = present.stream().filter(key -> key.purpose() == purpose).toList();
            var newest = ours.stream().mapToInt(PlatformKey::generation).max().orElse(0);
            var standing = ours.stream().filter(key -> !key.isRetired()).count();
            for (var generation = newest + 1; standing < 2; generation++, standing++) {
                rows.addUnlessPresent(PlatformKey.made(purpose, generation, properties.algorithm()));
            }
        }
        loaded = load();
    }

    Signer signer() {
        return current().signer();
    }

    /** The published key with this id, if it stands. */
    Optional<VerificationKey> find(String kid) {
        return accepted(current().published().get(kid));
    }

    /** The public keys: the current one first, then the next, then those that have signed before. */
    List<VerificationKey> published() {
        var now = current();
        var keys = new ArrayList<VerificationKey>();
        for (var kid : now.publishedOrder()) {
            accepted(now.published().get(kid)).ifPresent(keys::add);
        }
        return keys;
    }

    /** The key for a callback token that is good until then; it will be accepted for as long. */
    MacSigner macSigner(Instant expiresAt) {
        var key = current().macSigner();
        if (!isNoted(key, expiresAt)) {
            key = noteUse(expiresAt);
        }
        return new MacSigner(key.generation(), key.privateBytes());
    }

    private static boolean isNoted(PlatformKey key, Instant expiresAt) {
        var usedUntil = key.usedUntil();
        return usedUntil != null && !usedUntil.isBefore(expiresAt);
    }

    private PlatformKey noteUse(Instant expiresAt) {
        loading.lock();
        try {
            var key = current().macSigner();
            if (!isNoted(key, expiresAt)) {
                rows.useUntil(key.kid(), expiresAt.plus(NOTED_AHEAD));
                loaded = load();
            }
            return key;
        } finally {
            loading.unlock();
        }
    }

    Optional<byte[]> macKey(int generation) {
        return accepted(current().macKeys().get(generation));
    }

    /** This node has changed the keys itself, or knows that they were changed. */
    void readAgain() {
        loading.lock();
        try {
            loaded = load();
        } finally {
            loading.unlock();
        }
    }

    private <T> Optional<T> accepted(@Nullable Accepted<T> key) {
        return key == null || key.isOver(nanos.getAsLong()) ? Optional.empty() : Optional.of(key.key());
    }

    private Loaded current() {
        var known = loaded;
        if (known != null && age(known) < properties.readEvery().toNanos()) {
            return known;
        }
        if (known != null && age(known) < USABLE_FOR.toNanos()) {
            return failedJustNow() || !loading.tryLock() ? known : renewed(known);
        }
        if (failedJustNow() || !lockedInTime()) {
            throw new DataAccessResourceFailureException("the platform's keys cannot be read now");
        }
        return renewed(null);
    }

    /** Whoever is here holds the lock; only one asks the database, and not at once again after a failure. */
    private Loaded renewed(@Nullable Loaded usable) {
        try {
            var meanwhile = loaded;
            if (meanwhile != null && age(meanwhile) < properties.readEvery().toNanos()) {
                return meanwhile;
            }
            var fresh = load();
            loaded = fresh;
            return fresh;
        } catch (RuntimeException e) {
            failedAtNanos = nanos.getAsLong();
            if (usable == null) {
                throw e;
            }
            LOG.warn("Keys could not be read again, the known ones stand a little longer: {}", e.getMessage());
            return usable;
        } finally {
            loading.unlock();
        }
    }

    private boolean failedJustNow() {
        var failed = failedAtNanos;
        return failed != null && nanos.getAsLong() - failed < RETRY_AFTER_FAILURE.toNanos();
    }

    private boolean lockedInTime() {
        try {
            return loading.tryLock(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private long age(Loaded known) {
        return nanos.getAsLong() - known.atNanos();
    }

    private Loaded load() {
        var at = nanos.getAsLong();
        var before = loaded;
        var keys = rows.usable();
        var pairs = new HashMap<String, KeyPair>();
        var published = new HashMap<String, Accepted<VerificationKey>>();
        var macKeys = new HashMap<Integer, Accepted<byte[]>>();
        Signer signer = null;
        PlatformKey macSigner = null;
        for (var key : keys) {
            var acceptedFor = key.acceptedFor();
            var until = acceptedFor == null
                    ? null
                    : Long.valueOf(at + bounded(acceptedFor).toNanos());
            switch (key.purpose()) {
                case TOKEN -> {
                    var algorithm = SigningAlgorithm.of(key.algorithm());
                    var pair = pair(before, key, algorithm);
                    pairs.put(key.kid(), pair);
                    var verifies = new VerificationKey(key.kid(), key.algorithm(), pair.getPublic());
                    published.put(key.kid(), new Accepted<>(verifies, until));
                    if (signer == null && until == null) {
                        signer = new Signer(key.kid(), algorithm, pair.getPrivate());
                    }
                }
                case CALLBACK -> {
                    macKeys.put(key.generation(), new Accepted<>(macBytes(key), until));
                    if (macSigner == null && until == null) {
                        macSigner = key;
                    }
                }
            }
        }
        if (signer == null || macSigner == null) {
            throw new IllegalStateException("the database holds no usable signing key or callback key");
        }
        return new Loaded(
                at,
                keys,
                Map.copyOf(pairs),
                signer,
                Map.copyOf(published),
                order(keys),
                Map.copyOf(macKeys),
                macSigner);
    }

    /** It is read again long before. */
    private static Duration bounded(Duration time) {
        return time.compareTo(FAR) > 0 ? FAR : time;
    }

    private static List<String> order(List<PlatformKey> keys) {
        return keys.stream()
                .filter(key -> key.purpose() == KeyPurpose.TOKEN)
                .sorted(Comparator.comparing(PlatformKey::isRetired))
                .map(PlatformKey::kid)
                .toList();
    }

    /** A pair is tried once; what was changed since is another key. */
    private static KeyPair pair(@Nullable Loaded before, PlatformKey key, SigningAlgorithm algorithm) {
        if (before != null) {
            var pair = before.pairs().get(key.kid());
            if (pair != null && before.keys().stream().anyMatch(known -> known.hasMaterialOf(key))) {
                return pair;
            }
        }
        return algorithm.pair(key);
    }

    private static byte[] macBytes(PlatformKey key) {
        var bytes = key.privateBytes();
        if (bytes.length < PlatformKey.MAC_KEY_BYTES) {
            throw new IllegalStateException("the callback key " + key.kid() + " is shorter than 256 bits");
        }
        return bytes;
    }
}
