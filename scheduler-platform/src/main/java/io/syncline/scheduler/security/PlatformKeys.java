package io.syncline.scheduler.security;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.syncline.scheduler.store.Ids;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The keys of the platform as this node knows them: read again when older than 30 s, so that a new key is known and a
 * revoked one refused within 60 s everywhere, and no caller can make us ask the database more often.
 */
@Component
final class PlatformKeys implements InitializingBean {

    static final String ES256 = "ES256";
    private static final String HS256 = "HS256";
    private static final int MAC_KEY_BYTES = 32;
    private static final Duration FRESH_FOR = Duration.ofSeconds(30);
    private static final Duration USABLE_FOR = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(PlatformKeys.class);

    private final KeyRows rows;
    private final LongSupplier nanos;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable Loaded loaded;

    /** The private key that signs now. */
    record Signer(String kid, PrivateKey key) {}

    private record Loaded(
            long atNanos,
            Signer signer,
            Map<String, VerificationKey> published,
            List<String> publishedOrder,
            Map<Integer, byte[]> macKeys,
            int macGeneration) {}

    @Autowired
    PlatformKeys(KeyRows rows, SealedSecrets checkedBefore) {
        this(rows, System::nanoTime);
    }

    PlatformKeys(KeyRows rows) {
        this(rows, System::nanoTime);
    }

    PlatformKeys(KeyRows rows, LongSupplier nanos) {
        this.rows = rows;
        this.nanos = nanos;
    }

    /** Makes what is missing: a current and a next signing key and a callback key. Several nodes may do so at once. */
    @Override
    public void afterPropertiesSet() {
        var present = rows.usable();
        var newest = present.stream()
                .filter(key -> key.purpose() == KeyPurpose.TOKEN)
                .mapToInt(PlatformKey::generation)
                .max()
                .orElse(0);
        var count = present.stream()
                .filter(key -> key.purpose() == KeyPurpose.TOKEN)
                .count();
        for (var generation = newest + 1; count < 2; generation++, count++) {
            rows.addUnlessPresent(newSigningKey(generation));
        }
        if (present.stream().noneMatch(key -> key.purpose() == KeyPurpose.CALLBACK)) {
            rows.addUnlessPresent(newCallbackKey());
        }
        loaded = load();
    }

    Signer signer() {
        return current().signer();
    }

    /** The published key with this id, if it stands. */
    Optional<VerificationKey> find(String kid) {
        return Optional.ofNullable(current().published().get(kid));
    }

    /** The public keys, the current one first. */
    List<VerificationKey> published() {
        var now = current();
        var keys = new ArrayList<VerificationKey>();
        for (var kid : now.publishedOrder()) {
            var key = now.published().get(kid);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    int macGeneration() {
        return current().macGeneration();
    }

    Optional<byte[]> macKey(int generation) {
        return Optional.ofNullable(current().macKeys().get(generation));
    }

    private Loaded current() {
        var known = loaded;
        if (known != null && age(known) < FRESH_FOR.toNanos()) {
            return known;
        }
        if (known != null && age(known) < USABLE_FOR.toNanos() && !loading.tryLock()) {
            return known;
        }
        if (!loading.isHeldByCurrentThread()) {
            loading.lock();
        }
        try {
            var meanwhile = loaded;
            if (meanwhile != null && age(meanwhile) < FRESH_FOR.toNanos()) {
                return meanwhile;
            }
            var fresh = load();
            loaded = fresh;
            return fresh;
        } catch (DataAccessException e) {
            if (known != null && age(known) < USABLE_FOR.toNanos()) {
                LOG.warn("keys could not be read again, the known ones stand a little longer: {}", e.getMessage());
                return known;
            }
            throw e;
        } finally {
            loading.unlock();
        }
    }

    private long age(Loaded known) {
        return nanos.getAsLong() - known.atNanos();
    }

    private Loaded load() {
        var at = nanos.getAsLong();
        var published = new HashMap<String, VerificationKey>();
        var order = new ArrayList<String>();
        var macKeys = new HashMap<Integer, byte[]>();
        var macGeneration = 0;
        Signer signer = null;
        for (var key : rows.usable()) {
            switch (key.purpose()) {
                case TOKEN -> {
                    published.put(key.kid(), new VerificationKey(key.kid(), key.algorithm(), publicKey(key)));
                    order.add(key.kid());
                    if (signer == null) {
                        signer = new Signer(key.kid(), privateKey(key));
                    }
                }
                case CALLBACK -> {
                    macKeys.put(key.generation(), key.privateBytes());
                    macGeneration = macGeneration == 0 ? key.generation() : macGeneration;
                }
            }
        }
        if (signer == null || macGeneration == 0) {
            throw new IllegalStateException("the database holds no usable signing key or callback key");
        }
        return new Loaded(at, signer, Map.copyOf(published), List.copyOf(order), Map.copyOf(macKeys), macGeneration);
    }

    private static PlatformKey newSigningKey(int generation) {
        var pair = Jwts.SIG.ES256.keyPair().build();
        var kid = Jwks.builder()
                .key((ECPublicKey) pair.getPublic())
                .idFromThumbprint()
                .build()
                .getId();
        var encoder = Base64.getEncoder();
        return new PlatformKey(
                kid,
                KeyPurpose.TOKEN,
                generation,
                ES256,
                encoder.encodeToString(pair.getPublic().getEncoded()),
                encoder.encodeToString(pair.getPrivate().getEncoded()));
    }

    private static PlatformKey newCallbackKey() {
        var bytes = new byte[MAC_KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new PlatformKey(
                Ids.next(),
                KeyPurpose.CALLBACK,
                1,
                HS256,
                null,
                Base64.getEncoder().encodeToString(bytes));
    }

    private static PublicKey publicKey(PlatformKey key) {
        try {
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key.publicBytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("unreadable public key " + key.kid(), e);
        }
    }

    private static PrivateKey privateKey(PlatformKey key) {
        try {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key.privateBytes()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("unreadable private key " + key.kid(), e);
        }
    }
}
