package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A credential as it is kept.
 *
 * @param revision grows with every change
 * @param current null: there is no secret, {@code trouble} says why
 * @param previous the one before, which may still be presented
 * @param previousUntil until then
 * @param origins the instances' origins that it may be shown to, as {@link Origins} spells them
 * @param secretSetAt when the secret was last sent
 * @param rotatedAt when a secret last took the place of another
 * @param clearedAt since when there is none
 * @param expiresAt when the client certificate ends
 * @param trouble a sentence for an operator
 */
public record KeptCredential(
        String name,
        AuthType type,
        int revision,
        @Nullable Credential current,
        @Nullable Credential previous,
        @Nullable Instant previousUntil,
        Set<String> origins,
        @Nullable Instant secretSetAt,
        @Nullable Instant rotatedAt,
        @Nullable Instant clearedAt,
        @Nullable Instant expiresAt,
        @Nullable String trouble) {

    public KeptCredential {
        origins = Set.copyOf(origins);
    }
}
