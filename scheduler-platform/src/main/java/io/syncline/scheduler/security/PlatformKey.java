package io.syncline.scheduler.security;

import io.syncline.scheduler.store.Ids;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One stored key.
 *
 * @param generation the lowest one that is not retired signs
 * @param publicKey X.509 in base64; null for a callback key
 * @param privateKey PKCS 8 in base64, or the bytes of a callback key
 * @param acceptedFor of a retired key: from its reading to its end; null while it may sign
 * @param usedUntil of a callback key: no token was made by it that is good for longer
 */
record PlatformKey(
        String kid,
        KeyPurpose purpose,
        int generation,
        String algorithm,
        @Nullable String publicKey,
        String privateKey,
        @Nullable Duration acceptedFor,
        @Nullable Instant usedUntil) {

    static final String HS256 = "HS256";
    static final int MAC_KEY_BYTES = 32;

    static PlatformKey made(KeyPurpose purpose, int generation, SigningAlgorithm algorithm) {
        return switch (purpose) {
            case TOKEN -> signing(generation, algorithm);
            case CALLBACK -> callback(generation);
        };
    }

    private static PlatformKey signing(int generation, SigningAlgorithm algorithm) {
        var pair = algorithm.newPair();
        var encoder = Base64.getEncoder();
        return new PlatformKey(
                algorithm.thumbprint(pair.getPublic()),
                KeyPurpose.TOKEN,
                generation,
                algorithm.text(),
                encoder.encodeToString(pair.getPublic().getEncoded()),
                encoder.encodeToString(pair.getPrivate().getEncoded()),
                null,
                null);
    }

    private static PlatformKey callback(int generation) {
        var bytes = new byte[MAC_KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new PlatformKey(
                Ids.next(),
                KeyPurpose.CALLBACK,
                generation,
                HS256,
                null,
                Base64.getEncoder().encodeToString(bytes),
                null,
                null);
    }

    boolean isRetired() {
        return acceptedFor != null;
    }

    boolean hasMaterialOf(PlatformKey other) {
        return kid.equals(other.kid)
                && algorithm.equals(other.algorithm)
                && privateKey.equals(other.privateKey)
                && Objects.equals(publicKey, other.publicKey);
    }

    byte[] privateBytes() {
        return Base64.getDecoder().decode(privateKey);
    }

    byte[] publicBytes() {
        if (publicKey == null) {
            throw new IllegalStateException("key " + kid + " has no public part");
        }
        return Base64.getDecoder().decode(publicKey);
    }

    @Override
    public String toString() {
        return "PlatformKey[" + kid + ", " + purpose + ", " + generation + "]";
    }
}
