package io.syncline.scheduler.security;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One stored key.
 *
 * @param generation the lowest one that is not retired signs
 * @param publicKey X.509 in base64; null for the callback key
 * @param privateKey PKCS 8 in base64, or the bytes of the callback key
 */
record PlatformKey(
        String kid,
        KeyPurpose purpose,
        int generation,
        String algorithm,
        @Nullable String publicKey,
        String privateKey) {

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
