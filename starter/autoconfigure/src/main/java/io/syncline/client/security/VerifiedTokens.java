package io.syncline.client.security;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens whose signature was found good, found again by the SHA-256 of their whole text, which itself is not kept. Where
 * there are too many, the one that was not used for the longest time gives way; what has expired goes with the next one that
 * is kept. Safe for use by many threads.
 */
final class VerifiedTokens {

    private final int most;

    /** In the order of their last use. */
    private final Map<ByteBuffer, VerifiedToken> byHash = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most 0: none is kept */
    VerifiedTokens(int most) {
        this.most = most;
    }

    @Nullable
    VerifiedToken find(String token) {
        if (most == 0) {
            return null;
        }
        var hash = hash(token);
        synchronized (byHash) {
            return byHash.get(hash);
        }
    }

    void keep(String token, VerifiedToken verified, Instant now) {
        if (most == 0) {
            return;
        }
        var hash = hash(token);
        synchronized (byHash) {
            byHash.values().removeIf(kept -> kept.expiresAt().isBefore(now));
            byHash.put(hash, verified);
            if (byHash.size() > most) {
                var leastUsed = byHash.keySet().iterator();
                leastUsed.next();
                leastUsed.remove();
            }
        }
    }

    int size() {
        synchronized (byHash) {
            return byHash.size();
        }
    }

    private static ByteBuffer hash(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
