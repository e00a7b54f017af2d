package io.syncline.scheduler.security;

import java.security.PublicKey;

/** A public key and the one algorithm that it is good for. */
record VerificationKey(String kid, String algorithm, PublicKey key) {}
