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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * The platform's public keys, by {@code kid}. A key that was asked for more than a minute ago may be revoked, so it waits
 * for the renewal, 2 s at most; the renewal begins earlier, so that with steady traffic nobody waits. While the platform is
 * away known keys are served and renewed in the background. An unknown {@code kid} causes at most one fetch a minute. All
 * who need a fetch share one. The first one begins with the service, which does not wait for it.
 */
final class PlatformKeys implements SigningKeys, SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(PlatformKeys.class);
    private static final Duration FRESH = Duration.ofMinutes(1);

    /** When the renewal begins that nobody waits for. */
    private static final Duration RENEWED_FROM = Duration.ofSeconds(45);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    /** Without any keys the other choice is to refuse, and the first fetch of a process also loads what it needs. */
    private static final Duration LONGEST_WAIT_WITHOUT_KEYS = Duration.ofSeconds(5);

    /** How long keys are good while the platform cannot be asked whether they are revoked. */
    private static final Duration USABLE = Duration.ofHours(24);

    /** While there are no keys at all, every call is refused, so the next try comes sooner. */
    private static final Duration RETRY_WITHOUT_KEYS = Duration.ofSeconds(1);

    private static final int LEAST_RSA_BITS = 2048;

    private final PlatformHttp http;
    private final String jwksUrl;
    private final LongSupplier nanoTime;
    private final Object fetches = new Object();
    private volatile @Nullable CompletableFuture<@Nullable Void> underWay;
    private volatile Map<String, VerificationKey> keys = Map.of();

    /** When the keys were asked for, or when the last try to do so failed. */
    private volatile @Nullable Long triedAt;

    private volatile long fetchedAt;
    private volatile boolean lastTryFailed;

    PlatformKeys(PlatformHttp http, String jwksUrl, LongSupplier nanoTime) {
        this.http = http;
        this.jwksUrl = jwksUrl;
        this.nanoTime = nanoTime;
    }

    @Override
    public void afterSingletonsInstantiated() {
        var unused = fetch(RETRY_WITHOUT_KEYS);
    }

    @Override
    public Optional<VerificationKey> find(String kid) {
        return keys.containsKey(kid) && !areTooOld() ? known(kid) : unknown(kid);
    }

    private Optional<VerificationKey> known(String kid) {
        var renewal = fetch(RENEWED_FROM);
        if (renewal != null && isOlderThan(FRESH) && !lastTryFailed && !hasEnded(renewal, LONGEST_WAIT)) {
            LOG.debug("The platform's keys did not come in time, the known ones stand");
        }
        return Optional.ofNullable(keys.get(kid));
    }

    /** Many may come with unknown keys while the platform hangs: each waits for the one fetch, and not for long. */
    private Optional<VerificationKey> unknown(String kid) {
        boolean none = keys.isEmpty();
        var fetch = fetch(none ? RETRY_WITHOUT_KEYS : FRESH);
        if (fetch != null && !hasEnded(fetch, none ? LONGEST_WAIT_WITHOUT_KEYS : LONGEST_WAIT)) {
            throw new KeysUnavailableException("the platform's keys are being fetched");
        }
        var fetched = keys.get(kid);
        if (fetched != null && areTooOld()) {
            throw new KeysUnavailableException("the platform's keys were last fetched too long ago");
        }
        if (fetched == null && lastTryFailed) {
            throw new KeysUnavailableException("the platform's keys cannot be fetched now");
        }
        return Optional.ofNullable(fetched);
    }

    /** The fetch that is under way, or begins now because the last one is {@code pause} ago; null: neither. */
    private @Nullable CompletableFuture<@Nullable Void> fetch(Duration pause) {
        var shared = underWay;
        if (shared != null || !isOlderThan(pause)) {
            return shared;
        }
        synchronized (fetches) {
            if (underWay == null && isOlderThan(pause)) {
                var begun = new CompletableFuture<@Nullable Void>();
                var thread = new Thread(() -> fetch(begun), "syncline-keys");
                thread.setDaemon(true);
                thread.start();
                underWay = begun;
            }
            return underWay;
        }
    }

    private void fetch(CompletableFuture<@Nullable Void> done) {
        long askedAt = nanoTime.getAsLong();
        boolean fetched = false;
        try {
            var answer = http.get(jwksUrl);
            if (answer.status() != 200) {
                throw new IllegalStateException("answered " + answer.status());
            }
            keys = read(answer.body());
            fetched = true;
        } catch (RuntimeException e) {
            LOG.warn("The platform's keys could not be fetched from {}: {}", jwksUrl, e.getMessage());
        } finally {
            synchronized (fetches) {
                long now = nanoTime.getAsLong();
                fetchedAt = fetched ? now : fetchedAt;
                lastTryFailed = !fetched;
                // Whoever comes after a failure waits for the pause, however long the platform took to fail.
                triedAt = fetched ? askedAt : now;
                underWay = null;
            }
            done.complete(null);
        }
    }

    private static boolean hasEnded(CompletableFuture<@Nullable Void> fetch, Duration within) {
        try {
            fetch.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean areTooOld() {
        return nanoTime.getAsLong() - fetchedAt > USABLE.toNanos();
    }

    private boolean isOlderThan(Duration age) {
        var tried = triedAt;
        return tried == null || nanoTime.getAsLong() - tried >= age.toNanos();
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
