package io.syncline.client.security;

import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PublicJwk;
import io.syncline.client.platform.PlatformHttp;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The platform's public keys, by {@code kid}. A key that was read more than a minute ago may be revoked, so it waits for the
 * renewal, 2 s at most; while the platform is away known keys are served and renewed in the background. An unknown
 * {@code kid} causes at most one fetch a minute. Nothing is fetched before the first token comes.
 */
final class PlatformKeys implements SigningKeys {

    private static final Logger LOG = LoggerFactory.getLogger(PlatformKeys.class);
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** How long keys are good while the platform cannot be asked whether they are revoked. */
    private static final Duration USABLE = Duration.ofHours(24);

    /** While there are no keys at all, every call is refused, so the next try comes sooner. */
    private static final Duration RETRY_WITHOUT_KEYS = Duration.ofSeconds(1);

    private static final int LEAST_RSA_BITS = 2048;

    private final PlatformHttp http;
    private final String jwksUrl;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable CompletableFuture<@Nullable Void>> renewing = new AtomicReference<>();
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile Map<String, VerificationKey> keys = Map.of();
    private volatile @Nullable Long triedAt;
    private volatile long fetchedAt;
    private volatile boolean lastTryFailed;

    PlatformKeys(PlatformHttp http, String jwksUrl, LongSupplier nanoTime) {
        this.http = http;
        this.jwksUrl = jwksUrl;
        this.nanoTime = nanoTime;
    }

    @Override
    public Optional<VerificationKey> find(String kid) {
        var known = keys.get(kid);
        if (known != null && areTooOld()) {
            fetchForUnknown(kid);
            if (areTooOld()) {
                throw new KeysUnavailableException("the platform's keys were last fetched too long ago");
            }
            return Optional.ofNullable(keys.get(kid));
        }
        if (known != null) {
            var renewal = renewal();
            if (renewal != null && !lastTryFailed) {
                await(renewal);
            }
            return Optional.ofNullable(keys.get(kid));
        }
        fetchForUnknown(kid);
        var fetched = keys.get(kid);
        if (fetched == null && lastTryFailed) {
            throw new KeysUnavailableException("the platform's keys cannot be fetched now");
        }
        return Optional.ofNullable(fetched);
    }

    /** Many may come with unknown keys while the platform hangs: none of them waits longer than for a renewal. */
    private void fetchForUnknown(String kid) {
        var pause = keys.isEmpty() ? RETRY_WITHOUT_KEYS : FRESH;
        if (!isOlderThan(pause) && !fetching.isLocked()) {
            return;
        }
        try {
            if (!fetching.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new KeysUnavailableException("the platform's keys are being fetched");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeysUnavailableException("interrupted");
        }
        try {
            if ((!keys.containsKey(kid) || areTooOld()) && isOlderThan(pause)) {
                fetch();
            }
        } finally {
            fetching.unlock();
        }
    }

    /** The renewal that is under way or due; null where the keys are fresh. */
    private @Nullable CompletableFuture<@Nullable Void> renewal() {
        var underWay = renewing.get();
        if (underWay != null || !isOlderThan(FRESH)) {
            return underWay;
        }
        var renewal = new CompletableFuture<@Nullable Void>();
        if (!renewing.compareAndSet(null, renewal)) {
            return renewing.get();
        }
        var thread = new Thread(() -> renew(renewal), "syncline-keys");
        thread.setDaemon(true);
        thread.start();
        return renewal;
    }

    private void renew(CompletableFuture<@Nullable Void> renewal) {
        fetching.lock();
        try {
            if (isOlderThan(FRESH)) {
                fetch();
            }
        } finally {
            fetching.unlock();
            renewing.set(null);
            renewal.complete(null);
        }
    }

    private static void await(CompletableFuture<@Nullable Void> renewal) {
        try {
            renewal.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("The platform's keys did not come in time, the known ones stand");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean areTooOld() {
        return nanoTime.getAsLong() - fetchedAt > USABLE.toNanos();
    }

    private boolean isOlderThan(Duration age) {
        var tried = triedAt;
        return tried == null || nanoTime.getAsLong() - tried >= age.toNanos();
    }

    private void fetch() {
        triedAt = nanoTime.getAsLong();
        try {
            var answer = http.get(jwksUrl);
            if (answer.status() != 200) {
                throw new IllegalStateException("answered " + answer.status());
            }
            keys = read(answer.body());
            fetchedAt = nanoTime.getAsLong();
            lastTryFailed = false;
        } catch (RuntimeException e) {
            lastTryFailed = true;
            LOG.warn("The platform's keys could not be fetched from {}: {}", jwksUrl, e.getMessage());
        }
    }

    private static Map<String, VerificationKey> read(byte[] body) {
        var found = new HashMap<String, VerificationKey>();
        var set = Jwks.setParser().build().parse(new String(body, StandardCharsets.UTF_8));
        for (var jwk : set.getKeys()) {
            if (jwk instanceof PublicJwk<?> published && published.getId() != null && isForSigning(published)) {
                found.put(published.getId(), new VerificationKey(published.toKey(), published.getAlgorithm()));
            }
        }
        if (found.isEmpty()) {
            throw new IllegalStateException("has no public key");
        }
        return Map.copyOf(found);
    }

    /** Not one for encryption, and none that is too weak (RFC 8725 section 3.5). */
    private static boolean isForSigning(PublicJwk<?> jwk) {
        var use = jwk.get("use");
        var isStrong =
                !(jwk.toKey() instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
        return isStrong && (use == null || use.equals("sig"));
    }
}
