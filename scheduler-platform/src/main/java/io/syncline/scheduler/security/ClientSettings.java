package io.syncline.scheduler.security;

import java.net.URI;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator decides about a client.
 *
 * @param system the system it belongs to; null for operators' clients
 * @param expiresAt from then on it gets no tokens and those it has are refused; null: it does not end
 * @param jwks its public keys as a JSON Web Key Set; only for {@code private_key_jwt}
 * @param jwksUri where it publishes them instead
 * @param external which tokens of a trusted issuer are this client
 * @param webhook whether it may send signed webhooks
 */
public record ClientSettings(
        @Nullable String system,
        Set<Scope> scopes,
        @Nullable Instant expiresAt,
        AuthMethod method,
        @Nullable String jwks,
        @Nullable URI jwksUri,
        @Nullable External external,
        boolean webhook) {

    public ClientSettings {
        scopes = Set.copyOf(scopes);
    }

    /** @param issuer the key of the issuer here, not its address */
    public record External(String issuer, String subject) {}

    /** A client as most are: a secret, and nothing else. */
    public static ClientSettings of(@Nullable String system, Set<Scope> scopes) {
        return new ClientSettings(system, scopes, null, AuthMethod.CLIENT_SECRET_BASIC, null, null, null, false);
    }

    /** Whether it may do everything, and does not end by itself. */
    boolean administersForGood() {
        return scopes.contains(Scope.ADMIN) && expiresAt == null;
    }
}
