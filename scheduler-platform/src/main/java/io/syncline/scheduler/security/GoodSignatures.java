package io.syncline.scheduler.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens, by their hash, whose signature was found to fit their key. A client shows the same token for minutes, and an
 * elliptic curve costs more than all else that is done for a small request. Nothing else about a token is remembered: its
 * times, its claims and whether its key still counts are looked at each time.
 */
final class GoodSignatures {

    private static final int MOST = 1_000;

    private final Map<ByteBuffer, PublicKey> keys = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, PublicKey> eldest) {
            return size() > MOST;
        }
    };

    /** Of the whole token, its signature included. */
    static ByteBuffer hash(String token) {
        try {
            return ByteBuffer.wrap(
                    MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    synchronized boolean has(ByteBuffer hash, PublicKey key) {
        return key.equals(keys.get(hash));
    }

    synchronized void add(ByteBuffer hash, PublicKey key) {
        keys.put(hash, key);
    }
}
