package io.syncline.portal.systems;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is known of a credential; never its secret.
 *
 * @param who the user name, client id, header or certificate by which it is known outside
 * @param fingerprint changes with the secret and tells nothing of it
 * @param previousUntil as long as the secret before this one may still be presented
 * @param isDefault whether tasks that name none use it
 */
record CredentialRow(
        String name,
        String type,
        String who,
        @Nullable String fingerprint,
        @Nullable Moment set,
        @Nullable Moment rotated,
        @Nullable Moment cleared,
        @Nullable Moment expires,
        @Nullable Moment used,
        @Nullable Moment previousUntil,
        @Nullable String previousFingerprint,
        @Nullable Moment previousUsed,
        boolean isDefault) {

    static CredentialRow of(String name, JsonNode credential, String used, Moments moments) {
        return new CredentialRow(
                name,
                credential.path("type").asString("-"),
                who(credential),
                SystemView.text(credential, "fingerprint"),
                SystemView.moment(credential, "secretSetAt", moments),
                SystemView.moment(credential, "rotatedAt", moments),
                SystemView.moment(credential, "clearedAt", moments),
                SystemView.moment(credential, "expiresAt", moments),
                SystemView.moment(credential, "usedAt", moments),
                SystemView.moment(credential, "previousUntil", moments),
                SystemView.text(credential, "previousFingerprint"),
                SystemView.moment(credential, "previousUsedAt", moments),
                name.equals(used));
    }

    private static String who(JsonNode credential) {
        var type = credential.path("type").asString("");
        return switch (type) {
            case "oauth2-client-credentials" ->
                "client " + credential.path("clientId").asString("-") + " at "
                        + credential.path("tokenUrl").asString("-");
            case "basic" -> "user " + credential.path("username").asString("-");
            case "api-key" ->
                credential.has("header")
                        ? "header " + credential.path("header").asString("-")
                        : "query parameter " + credential.path("query").asString("-");
            case "mtls" -> "client certificate";
            default -> "-";
        };
    }
}
