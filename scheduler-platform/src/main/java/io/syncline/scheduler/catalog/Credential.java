package io.syncline.scheduler.catalog;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A secret by which the platform proves itself to one system. No text form of it shows the secret. */
public sealed interface Credential {

    AuthType type();

    /**
     * Client credentials at a foreign token endpoint; either a secret or a key.
     *
     * @param privateKey PEM or JWK, for private_key_jwt
     * @param algorithm null: what suits the key
     * @param kid the key's id, where the token endpoint knows several
     */
    record OAuth2(
            URI tokenUrl,
            String clientId,
            @Nullable String clientSecret,
            @Nullable String privateKey,
            @Nullable String algorithm,
            @Nullable String kid,
            @Nullable String scope,
            @Nullable String audience)
            implements Credential {

        @Override
        public AuthType type() {
            return AuthType.OAUTH2_CLIENT_CREDENTIALS;
        }

        @Override
        public String toString() {
            return "OAuth2[" + clientId + "]";
        }
    }

    /** User and password of RFC 7617. */
    record Basic(String username, String password) implements Credential {

        @Override
        public AuthType type() {
            return AuthType.BASIC;
        }

        @Override
        public String toString() {
            return "Basic[" + username + "]";
        }
    }

    /** A key in a header or a query parameter; exactly one of them is named. */
    record ApiKey(@Nullable String header, @Nullable String query, String apiKey) implements Credential {

        @Override
        public AuthType type() {
            return AuthType.API_KEY;
        }

        @Override
        public String toString() {
            return "ApiKey[" + (header == null ? query : header) + "]";
        }
    }

    /**
     * A client certificate.
     *
     * @param certificate PEM, the client's own first
     * @param privateKey PEM
     * @param trust PEM, the authorities that may have signed the server's certificate; null: those of the Java runtime
     */
    record Mtls(
            String certificate, String privateKey, @Nullable String trust) implements Credential {

        @Override
        public AuthType type() {
            return AuthType.MTLS;
        }

        @Override
        public String toString() {
            return "Mtls[]";
        }
    }
}
