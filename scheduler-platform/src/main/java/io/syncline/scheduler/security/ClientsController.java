package io.syncline.scheduler.security;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
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
import tools.jackson.databind.node.JsonNodeFactory;

/** The clients of the platform. Who may make clients may make an admin, so all of it takes admin. */
@RestController
@RequestMapping("/api/v1/clients")
class ClientsController {

    private static final int MOST = 200;
    /** A node, because members that are null are left out, and here the null is agreed. */
    private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

    private final Clients clients;
    private final ClientStanding standing;

    ClientsController(Clients clients, ClientStanding standing) {
        this.clients = clients;
        this.standing = standing;
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping
    Map<String, Object> list(
            @RequestParam(defaultValue = "50") int limit, @RequestParam(required = false) @Nullable String cursor) {
        if (limit < 1 || limit > MOST) {
            throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                    .detail("limit is from 1 to " + MOST + ".")
                    .parameterError("limit", "is not from 1 to " + MOST, "range");
        }
        var found = clients.list(cursor == null ? null : key(cursor), limit + 1);
        var page = found.subList(0, Math.min(limit, found.size()));
        var answer = new LinkedHashMap<String, Object>();
        answer.put("items", page.stream().map(ClientsController::view).toList());
        answer.put(
                "nextCursor", found.size() > limit ? cursor(page.get(limit - 1).key()) : NULL);
        return answer;
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping("/{key}")
    ResponseEntity<Map<String, Object>> get(@PathVariable String key) {
        var client = clients.find(key).orElseThrow(Problems::notFound);
        return ResponseEntity.ok().eTag(EntityTags.of(client.version())).body(view(client));
    }

    @RequiresScope(Scope.ADMIN)
    @SecondApprover(SecondApprover.Kind.CLIENTS)
    @PutMapping(path = "/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> put(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            @RequestBody byte[] body) {
        var json = StrictJson.read(body);
        var known = clients.find(key).orElse(null);
        EntityTags.requirePut(known == null ? null : known.version(), ifMatch, ifNoneMatch);
        var document = ClientDocument.of(key, json);
        if (known == null) {
            var made = clients.create(key, document.system(), document.scopes())
                    .orElseThrow(() -> EntityTags.lostRace(null));
            standing.forget(key);
            return ResponseEntity.created(URI.create("/api/v1/clients/" + key))
                    .eTag(EntityTags.of(made.client().version()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .body(viewWithSecret(made));
        }
        var changed = clients.change(key, known.version(), document.system(), document.scopes())
                .orElseThrow(() -> EntityTags.lostRace(null));
        standing.forget(key);
        return ResponseEntity.ok().eTag(EntityTags.of(changed.version())).body(view(changed));
    }

    @RequiresScope(Scope.ADMIN)
    @SecondApprover(SecondApprover.Kind.CLIENTS)
    @DeleteMapping("/{key}")
    ResponseEntity<Void> delete(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var known = clients.find(key).orElseThrow(Problems::notFound);
        EntityTags.requireMatch(known.version(), ifMatch);
        if (!clients.delete(key, known.version())) {
            throw EntityTags.lostRace(null);
        }
        standing.forget(key);
        return ResponseEntity.noContent().build();
    }

    @RequiresScope(Scope.ADMIN)
    @SecondApprover(SecondApprover.Kind.CLIENTS)
    @PostMapping("/{key}/rotate")
    ResponseEntity<Map<String, Object>> rotate(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        var known = clients.find(key).orElseThrow(Problems::notFound);
        if (ifMatch != null) {
            EntityTags.requireMatch(known.version(), ifMatch);
        }
        var rotated = clients.rotate(key, known.version()).orElseThrow(() -> EntityTags.lostRace(null));
        return ResponseEntity.ok()
                .eTag(EntityTags.of(rotated.client().version()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(viewWithSecret(rotated));
    }

    private static Map<String, Object> view(Client client) {
        var view = new LinkedHashMap<String, Object>();
        view.put("clientId", client.key());
        var system = client.system();
        view.put("system", system == null ? NULL : system);
        view.put("scopes", scopes(client));
        view.put("createdAt", client.createdAt());
        view.put("updatedAt", client.updatedAt());
        return view;
    }

    /** The one answer that holds a secret; it is nowhere to be read again. */
    static Map<String, Object> viewWithSecret(Clients.NewClient made) {
        var view = new LinkedHashMap<String, Object>();
        view.put("clientId", made.client().key());
        view.put("clientSecret", made.secret());
        var system = made.client().system();
        view.put("system", system == null ? NULL : system);
        view.put("scopes", scopes(made.client()));
        return view;
    }

    private static List<String> scopes(Client client) {
        var names = new ArrayList<String>();
        client.scopes().stream().sorted().map(Scope::text).forEach(names::add);
        return names;
    }

    private static String cursor(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String cursor) {
        try {
            var key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (Keys.isKey(key)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the refusal
        }
        throw ProblemException.of(400, "invalid-parameter", "A query parameter is not valid")
                .detail("Take the cursor as nextCursor gave it.")
                .parameterError("cursor", "is none of ours", "format");
    }
}
