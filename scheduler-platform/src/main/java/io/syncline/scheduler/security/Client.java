package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine that may come in.
 *
 * @param version grows with each change; the ETag
 * @param lastUsedAt when a token was last given to it or taken from it, or a webhook; to about a minute, null: never
 */
public record Client(
        String key,
        ClientSettings settings,
        boolean enabled,
        int version,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant lastUsedAt) {

    /** The system it belongs to; null for operators' clients. */
    public @Nullable String system() {
        return settings.system();
    }

    public Set<Scope> scopes() {
        return settings.scopes();
    }

    /** Whether it may come in at this time. */
    boolean standsAt(Instant now) {
        var end = settings.expiresAt();
        return enabled && (end == null || now.isBefore(end));
    }
}
