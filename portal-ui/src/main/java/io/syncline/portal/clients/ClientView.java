package io.syncline.portal.clients;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client as the platform answers it.
 *
 * @param clientSecret only in the answer that made it
 * @param webhookSecret likewise
 */
record ClientView(
        String clientId,
        @Nullable String system,
        @Nullable List<String> scopes,
        @Nullable String tokenEndpointAuthMethod,
        @Nullable Instant expiresAt,
        @Nullable JsonNode jwks,
        @Nullable String jwksUri,
        @Nullable JsonNode external,
        @Nullable Boolean webhook,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable Instant lastUsedAt,
        @Nullable String clientSecret,
        @Nullable String webhookSecret) {

    List<String> scopesOrNone() {
        return scopes == null ? List.of() : scopes;
    }

    /** What proves it, in words. */
    String proof() {
        var way = tokenEndpointAuthMethod == null ? "client_secret_basic" : tokenEndpointAuthMethod;
        var told = switch (way) {
            case "client_secret_basic" -> "a secret";
            case "private_key_jwt" -> jwksUri == null ? "its own keys" : "its own keys at " + jwksUri;
            case "none" -> external == null ? "signatures alone" : "tokens of a trusted issuer";
            default -> way;
        };
        return Boolean.TRUE.equals(webhook) ? told + ", signed webhooks" : told;
    }

    /** Whether there is a secret to be replaced. */
    boolean hasSecret() {
        return tokenEndpointAuthMethod == null
                || "client_secret_basic".equals(tokenEndpointAuthMethod)
                || Boolean.TRUE.equals(webhook);
    }

    /** The members that a form does not show, as a change has to repeat them. */
    Map<String, Object> untouched() {
        var members = new LinkedHashMap<String, Object>();
        put(members, "tokenEndpointAuthMethod", tokenEndpointAuthMethod);
        put(members, "jwks", jwks);
        put(members, "jwksUri", jwksUri);
        put(members, "external", external);
        put(members, "webhook", webhook);
        return members;
    }

    private static void put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    @Override
    public String toString() {
        return "ClientView[" + clientId + "]";
    }
}
