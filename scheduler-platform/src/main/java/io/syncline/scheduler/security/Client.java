package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A machine that may ask for tokens.
 *
 * @param system the system it belongs to; null for operators' clients
 * @param version grows with each change; the ETag
 */
public record Client(
        String key,
        @Nullable String system,
        Set<Scope> scopes,
        boolean enabled,
        int version,
        Instant createdAt,
        Instant updatedAt) {}
