package io.syncline.client.security;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever set the service up why tokens are refused and what was expected, at most once a minute, since a wrong issuer or
 * system key is seen at the first call alone, and anybody may send bad tokens.
 */
final class TokenRefusals {

    private static final Logger LOG = LoggerFactory.getLogger(TokenRefusals.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final String issuer;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable Long> toldAt = new AtomicReference<>();

    TokenRefusals(String issuer, LongSupplier nanoTime) {
        this.issuer = issuer;
        this.nanoTime = nanoTime;
    }

    /** Whether it was told now. */
    boolean refused(String reason, Set<String> audiences) {
        var now = nanoTime.getAsLong();
        var last = toldAt.get();
        if (last != null && now - last < PAUSE.toNanos() || !toldAt.compareAndSet(last, now)) {
            return false;
        }
        LOG.warn(
                "A token was refused: {} This service takes tokens of issuer {} (syncline.client.platform-url or issuer) for {}",
                reason,
                issuer,
                audiences);
        return true;
    }
}
