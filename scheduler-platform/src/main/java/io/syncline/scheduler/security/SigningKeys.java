package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The platform's own keys: of each purpose one that signs, the next one that is known everywhere before it signs, and those
 * whose tokens are still accepted.
 */
public interface SigningKeys {

    /** What a key does now; by purpose there is one CURRENT and one NEXT. */
    enum State {
        NEXT,
        CURRENT,
        RETIRED,
        REVOKED
    }

    /**
     * A key, without its material.
     *
     * @param activatedAt when it became current; null before that
     * @param retiredAt when it was replaced
     * @param acceptedUntil when a retired key's tokens end, whatever they say
     */
    record Key(
            String kid,
            KeyPurpose purpose,
            String algorithm,
            State state,
            Instant createdAt,
            @Nullable Instant activatedAt,
            @Nullable Instant retiredAt,
            @Nullable Instant acceptedUntil,
            @Nullable Instant revokedAt) {}

    /** All that are kept, those of one purpose together, the newest first. */
    List<Key> list();

    /**
     * Makes the next key of this purpose the current one, and a new next.
     *
     * @return the keys of the purpose after that
     * @throws ProblemException 409 while the next key has not been published for long enough
     */
    List<Key> rotate(KeyPurpose purpose, String actor, String reason);

    /**
     * Ends a key at once on this node, and on all others within 60 s; in the place of a current or next one there is another
     * in the same moment. A key that was revoked before stays as it is.
     *
     * @return the key; empty when there is none of this id
     */
    Optional<Key> revoke(String kid, String actor, String reason);

    /** Rotates the purposes whose current key has signed for long enough, and removes keys that nobody needs any more. */
    void rotateWhatIsDue();
}
