package io.syncline.scheduler.security;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * Somebody else whose tokens we take.
 *
 * @param issuer exactly the {@code iss} of its tokens
 * @param algorithms of ES256, EdDSA and RS256, those that it signs with
 * @param audience exactly the {@code aud} of tokens that are meant for us
 * @param types the {@code typ} of its access tokens, one of these
 * @param maxTokenLife from {@code iat} to {@code exp}
 * @param version grows with each change; the ETag
 */
record TrustedIssuer(String key, Settings settings, int version, Instant createdAt, Instant updatedAt) {

    record Settings(
            String issuer,
            URI jwksUri,
            Set<String> algorithms,
            String audience,
            Set<String> types,
            Duration maxTokenLife) {

        Settings {
            algorithms = Set.copyOf(algorithms);
            types = Set.copyOf(types);
        }
    }

    StrictJws.Policy policy() {
        return new StrictJws.Policy(
                settings.types(),
                false,
                settings.algorithms(),
                settings.issuer(),
                Set.of(settings.audience()),
                settings.maxTokenLife(),
                Set.of("sub"));
    }
}
