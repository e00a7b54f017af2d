package io.syncline.client.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that {@code key} signed.
 *
 * @param keyId by which the token names the key
 * @param issuedAt not taken before
 * @param notBefore not taken before either; null: the token does not say
 * @param expiresAt not taken after
 */
record VerifiedToken(
        String keyId,
        VerificationKey key,
        Instant issuedAt,
        @Nullable Instant notBefore,
        Instant expiresAt,
        PlatformToken token) {}
