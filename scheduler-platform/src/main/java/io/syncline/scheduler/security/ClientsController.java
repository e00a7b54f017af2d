package io.syncline.scheduler.security;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The clients of the platform. Who may make clients may make an admin, so all of it takes admin. */
@RestController
@RequestMapping("/api/v1/clients")
class ClientsController {

    /** A node, because members that are null are left out, and here the null is agreed. */
    private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

    private static final JsonMapper JSON = new JsonMapper();

    private final Clients clients;
    private final ClientChanges changes;

    ClientsController(Clients clients, ClientChanges changes) {
        this.clients = clients;
        this.changes = changes;
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping
    Map<String, Object> list(
            @RequestParam(defaultValue = "50") int limit, @RequestParam(required = false) @Nullable String cursor) {
        return Cursors.page(limit, cursor, clients::list, Client::key, ClientsController::view);
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping("/{key}")
    ResponseEntity<Map<String, Object>> get(@PathVariable String key) {
        var client = clients.find(key).orElseThrow(Problems::notFound);
        return ResponseEntity.ok().eTag(EntityTags.of(client.version())).body(view(client));
    }

    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.CLIENTS)
    @PutMapping(path = "/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> put(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            @RequestBody byte[] body,
            Caller caller) {
        var put = changes.put(caller.subject(), key, StrictJson.read(body), ifMatch, ifNoneMatch);
        var told = put.told();
        var answer = put.created() ? ResponseEntity.created(URI.create("/api/v1/clients/" + key)) : ResponseEntity.ok();
        answer.eTag(EntityTags.of(told.client().version()));
        if (!put.created() && told.secret() == null && told.webhookSecret() == null) {
            return answer.body(view(told.client()));
        }
        return answer.header(HttpHeaders.CACHE_CONTROL, "no-store").body(viewWithSecret(told));
    }

    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.CLIENTS)
    @DeleteMapping("/{key}")
    ResponseEntity<Void> delete(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestParam(required = false) @Nullable String reason,
            Caller caller) {
        var known = clients.find(key).orElseThrow(Problems::notFound);
        EntityTags.requireMatch(known.version(), ifMatch);
        changes.delete(caller.subject(), known, reason);
        return ResponseEntity.noContent().build();
    }

    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.CLIENTS)
    @PostMapping("/{key}/rotate")
    ResponseEntity<Map<String, Object>> rotate(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestParam(required = false) @Nullable String reason,
            Caller caller) {
        var known = clients.find(key).orElseThrow(Problems::notFound);
        if (ifMatch != null) {
            EntityTags.requireMatch(known.version(), ifMatch);
        }
        var rotated = changes.rotate(caller.subject(), known, reason);
        return ResponseEntity.ok()
                .eTag(EntityTags.of(rotated.client().version()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(viewWithSecret(rotated));
    }

    /** All but what is secret, for answers and for the audit. */
    static Map<String, Object> view(Client client) {
        var view = new LinkedHashMap<String, Object>();
        view.put("clientId", client.key());
        var system = client.system();
        view.put("system", system == null ? NULL : system);
        view.put("scopes", scopes(client));
        var settings = client.settings();
        view.put("tokenEndpointAuthMethod", settings.method().text());
        put(view, settings);
        view.put("createdAt", client.createdAt());
        view.put("updatedAt", client.updatedAt());
        var used = client.lastUsedAt();
        view.put("lastUsedAt", used == null ? NULL : used);
        return view;
    }

    /** What most clients do not have is left out where they do not have it. */
    private static void put(Map<String, Object> view, ClientSettings settings) {
        var expiresAt = settings.expiresAt();
        if (expiresAt != null) {
            view.put("expiresAt", expiresAt);
        }
        var jwks = settings.jwks();
        if (jwks != null) {
            view.put("jwks", JSON.readTree(jwks));
        }
        var jwksUri = settings.jwksUri();
        if (jwksUri != null) {
            view.put("jwksUri", jwksUri.toString());
        }
        var external = settings.external();
        if (external != null) {
            view.put("external", Map.of("issuer", external.issuer(), "subject", external.subject()));
        }
        if (settings.webhook()) {
            view.put("webhook", true);
        }
    }

    /** The one answer that holds a secret; it is nowhere to be read again. */
    static Map<String, Object> viewWithSecret(Clients.Told told) {
        var view = new SecretAnswer();
        view.put("clientId", told.client().key());
        var secret = told.secret();
        if (secret != null) {
            view.put("clientSecret", secret);
        }
        var system = told.client().system();
        view.put("system", system == null ? NULL : system);
        view.put("scopes", scopes(told.client()));
        var webhookSecret = told.webhookSecret();
        if (webhookSecret != null) {
            view.put("webhookSecret", webhookSecret);
        }
        var settings = told.client().settings();
        if (settings.method() != AuthMethod.CLIENT_SECRET_BASIC) {
            view.put("tokenEndpointAuthMethod", settings.method().text());
        }
        put(view, settings);
        return view;
    }

    private static List<String> scopes(Client client) {
        var names = new ArrayList<String>();
        client.scopes().stream().sorted().map(Scope::text).forEach(names::add);
        return names;
    }
}
