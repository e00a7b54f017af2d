package io.syncline.scheduler.security;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person's stay.
 *
 * @param client the client that opened it for the person
 * @param refreshedAt the last sign of the person
 * @param signedInAt when the person last showed who they are
 * @param endsAt when it ends whatever the person does
 * @param endedAt when it was ended before that
 */
record Session(
        String id,
        String user,
        String client,
        Instant createdAt,
        Instant refreshedAt,
        Instant signedInAt,
        Instant endsAt,
        @Nullable Instant endedAt,
        @Nullable String remoteAddress,
        @Nullable String userAgent) {

    boolean stands(Instant now) {
        return endedAt == null && now.isBefore(endsAt);
    }
}
