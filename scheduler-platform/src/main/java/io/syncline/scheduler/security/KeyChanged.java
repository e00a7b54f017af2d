package io.syncline.scheduler.security;

import org.jspecify.annotations.Nullable;

/**
 * Published in the transaction in which a key was rotated or revoked.
 *
 * @param action rotate or revoke
 * @param kid the key that signs no longer
 * @param current the key that signs now in its place; null when the one revoked did not sign
 */
public record KeyChanged(
        String actor,
        String action,
        KeyPurpose purpose,
        String kid,
        @Nullable String current,
        String reason) {}
