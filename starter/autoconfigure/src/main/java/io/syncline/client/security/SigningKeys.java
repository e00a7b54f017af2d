package io.syncline.client.security;

import java.util.Optional;

/** Where the keys come from that tokens are verified with. */
interface SigningKeys {

    /**
     * The key, or nothing if the platform has no such key.
     *
     * @throws KeysUnavailableException when that cannot be said now
     */
    Optional<VerificationKey> find(String kid);
}
