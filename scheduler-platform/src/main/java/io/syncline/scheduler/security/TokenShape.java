package io.syncline.scheduler.security;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a platform token for a downstream differs from the standard one.
 *
 * @param claims further claims, texts; none of {@link #RESERVED}
 * @param lifetime from signing to expiry, 1 to 15 min
 * @param audience null: the system's key
 */
public record TokenShape(
        Map<String, String> claims,
        Duration lifetime,
        @Nullable String audience) {

    /** Claims that the platform alone writes (RFC 7519 section 4.1, RFC 9068 section 2.2). */
    public static final Set<String> RESERVED =
            Set.of("iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope");

    public static final Duration LIFETIME = Duration.ofMinutes(5);
    public static final Duration LEAST_LIFETIME = Duration.ofMinutes(1);
    public static final Duration MOST_LIFETIME = Duration.ofMinutes(15);

    public TokenShape {
        claims = Map.copyOf(claims);
        if (claims.keySet().stream().anyMatch(RESERVED::contains)) {
            throw new IllegalArgumentException("a claim that the platform alone writes: " + claims.keySet());
        }
        if (lifetime.compareTo(LEAST_LIFETIME) < 0 || lifetime.compareTo(MOST_LIFETIME) > 0) {
            throw new IllegalArgumentException(
                    "a token lives " + LEAST_LIFETIME + " to " + MOST_LIFETIME + ": " + lifetime);
        }
        if (StrictJwtDecoder.PLATFORM_AUDIENCE.equals(audience)) {
            throw new IllegalArgumentException("'" + audience + "' is the platform's own audience");
        }
    }
}
