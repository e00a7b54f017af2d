package io.syncline.portal.clients;

import io.syncline.portal.page.Moments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client as it stands in the form.
 *
 * @param expiresAt as typed, in the reader's zone
 * @param proof of a new client: {@code secret}, or {@code keys} at {@code jwksUri}
 * @param etag of the client on which the form was opened
 */
record ClientForm(
        @Nullable String key,
        @Nullable String system,
        @Nullable List<String> scopes,
        @Nullable String expiresAt,
        @Nullable String proof,
        @Nullable String jwksUri,
        @Nullable Boolean webhook,
        @Nullable String etag) {

    static final List<Choice> SCOPES = List.of(
            new Choice("triggers:write", "send trigger messages, look up its own"),
            new Choice("callbacks:write", "report the state of work"),
            new Choice("runs:read", "read runs, messages, alerts"),
            new Choice("runs:operate", "retry, cancel and start runs"),
            new Choice("config:read", "read groups and systems"),
            new Choice("config:write", "change groups and systems"),
            new Choice("data:read", "read data sets"),
            new Choice("payload:read", "read the content of messages"),
            new Choice("audit:read", "read the audit log"),
            new Choice("admin", "all of these but payload:read, and people, clients, keys"));

    record Choice(String scope, String words) {}

    static ClientForm empty() {
        return new ClientForm("", "", List.of(), "", "secret", "", false, "");
    }

    static ClientForm of(ClientView client, String etag, Moments moments) {
        return new ClientForm(
                client.clientId(),
                client.system(),
                client.scopesOrNone(),
                moments.typed(client.expiresAt()),
                "",
                client.jwksUri(),
                client.webhook(),
                etag);
    }

    public boolean has(String scope) {
        return scopes != null && scopes.contains(scope);
    }

    Map<String, Object> body(@Nullable ClientView before, Moments moments) {
        var body = new LinkedHashMap<String, Object>();
        if (before != null) {
            body.putAll(before.untouched());
        } else {
            made(body);
        }
        body.put("scopes", scopes == null ? List.of() : scopes);
        if (!blank(system)) {
            body.put("system", stripped(system));
        }
        var end = end(before, moments);
        if (end != null) {
            body.put("expiresAt", end);
        }
        return body;
    }

    private void made(Map<String, Object> body) {
        if ("keys".equals(proof)) {
            body.put("tokenEndpointAuthMethod", "private_key_jwt");
            body.put("jwksUri", stripped(jwksUri));
        }
        if (Boolean.TRUE.equals(webhook)) {
            body.put("webhook", true);
        }
    }

    /** The form shows minutes: an end that was not touched keeps its seconds. */
    private @Nullable String end(@Nullable ClientView before, Moments moments) {
        if (before != null
                && before.expiresAt() != null
                && moments.typed(before.expiresAt()).equals(expiresAt)) {
            return before.expiresAt().toString();
        }
        return moments.toApi(expiresAt);
    }

    private static boolean blank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static String stripped(@Nullable String text) {
        return text == null ? "" : text.strip();
    }
}
