package io.syncline.portal.platform;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of the person's sessions.
 *
 * @param current whether it is this one
 * @param refreshedAt the last sign of the person in it
 */
public record SessionView(
        String sessionId,
        boolean current,
        @Nullable Instant signedInAt,
        @Nullable Instant refreshedAt,
        @Nullable Instant endsAt,
        @Nullable String remoteAddress,
        @Nullable String userAgent) {}
