package io.syncline.client.security;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A public key of the platform.
 *
 * @param algorithm the only one that it is meant for; null: the key does not say
 */
record VerificationKey(PublicKey key, @Nullable String algorithm) {}
