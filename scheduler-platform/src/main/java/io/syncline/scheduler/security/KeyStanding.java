package io.syncline.scheduler.security;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored key without what makes it a key: what became of it, and when. */
record KeyStanding(
        String kid,
        KeyPurpose purpose,
        int generation,
        String algorithm,
        Instant createdAt,
        @Nullable Instant activatedAt,
        @Nullable Instant retiredAt,
        @Nullable Instant revokedAt,
        @Nullable Instant usedUntil) {

    /** Whether it signs, or will. */
    boolean stands() {
        return retiredAt == null && revokedAt == null;
    }

    /** Keys made before there was a rotation are taken to sign since they were made. */
    Instant signsSince() {
        return activatedAt == null ? createdAt : activatedAt;
    }

    /** A callback key is accepted as long as a token made by it is good. */
    static Instant acceptedUntil(Instant retiredAt, @Nullable Instant usedUntil, Duration overlap) {
        var end = retiredAt.plus(overlap);
        return usedUntil != null && usedUntil.isAfter(end) ? usedUntil : end;
    }
}
