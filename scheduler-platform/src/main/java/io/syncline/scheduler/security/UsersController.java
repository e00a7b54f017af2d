package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.LinkedHashMap;
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

/** The people of the platform. Who may make people may make an administrator, so all of it takes admin. */
@RestController
@RequestMapping("/api/v1/users")
class UsersController {

    private static final int LONGEST_SECRET = 1000;
    /** A node, because members that are null are left out, and here the null is agreed. */
    private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

    private final People people;
    private final JdbcTrustedIssuers issuers;

    UsersController(People people, JdbcTrustedIssuers issuers) {
        this.people = people;
        this.issuers = issuers;
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping
    Map<String, Object> list(
            @RequestParam(defaultValue = "50") int limit, @RequestParam(required = false) @Nullable String cursor) {
        return Cursors.page(limit, cursor, people::list, User::key, UsersController::view);
    }

    @RequiresScope(Scope.ADMIN)
    @GetMapping("/{key}")
    ResponseEntity<Map<String, Object>> get(@PathVariable String key) {
        var user = people.find(key).orElseThrow(Problems::notFound);
        return ResponseEntity.ok().eTag(EntityTags.of(user.version())).body(view(user));
    }

    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.USERS)
    @PutMapping(path = "/{key}", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> put(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String ifNoneMatch,
            @RequestBody byte[] body,
            Caller caller) {
        StrictJson.read(body);
        var known = people.find(key).orElse(null);
        EntityTags.requirePut(known == null ? null : known.version(), ifMatch, ifNoneMatch);
        var document = UserDocument.of(key, body);
        var external = document.external();
        if (external != null && issuers.find(external.issuer()).isEmpty()) {
            throw UserDocument.invalid().error("/external/issuer", "is no trusted issuer", "unknown-issuer");
        }
        if (known == null) {
            var made = people.create(key, document, caller.subject());
            return ResponseEntity.created(URI.create("/api/v1/users/" + key))
                    .eTag(EntityTags.of(made.user().version()))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .body(viewWithCode(made));
        }
        var changed = people.change(key, known.version(), document, caller.subject());
        return ResponseEntity.ok().eTag(EntityTags.of(changed.version())).body(view(changed));
    }

    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.USERS)
    @DeleteMapping("/{key}")
    ResponseEntity<Void> delete(
            @PathVariable String key,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestParam(required = false) @Nullable String reason,
            Caller caller) {
        var why = QueryReason.read(reason);
        var known = people.find(key).orElseThrow(Problems::notFound);
        EntityTags.requireMatch(known.version(), ifMatch);
        people.delete(key, known.version(), caller.subject(), why);
        return ResponseEntity.noContent().build();
    }

    /** A new set-up code instead of the password; the person's sessions end. */
    @RequiresScope(Scope.ADMIN)
    @RequiresRecentSignIn
    @SecondApprover(SecondApprover.Kind.USERS)
    @PostMapping("/{key}/reset")
    ResponseEntity<Map<String, Object>> reset(
            @PathVariable String key, @RequestParam(required = false) @Nullable String reason, Caller caller) {
        var reset = people.reset(key, caller.subject(), QueryReason.read(reason));
        return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(viewWithCode(reset));
    }

    /** Takes the set-up code, once, and the password that the person chose. */
    @PublicRoute
    @PostMapping(path = "/{key}/password", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Void> setPassword(@PathVariable String key, @RequestBody byte[] bytes, HttpServletRequest request) {
        var body = new JsonBody(
                bytes,
                ProblemException.of(422, "password-invalid", "Invalid password")
                        .detail("Send {\"code\": \"…\", \"password\": \"…\"}; errors lists what is wrong."));
        var code = body.text("code", LONGEST_SECRET);
        var password = body.text("password", LONGEST_SECRET);
        body.refuseIfWrong();
        people.setPasswordByCode(key, code, password, request.getRemoteAddr());
        return ResponseEntity.noContent().build();
    }

    static Map<String, Object> view(User user) {
        var view = new LinkedHashMap<String, Object>();
        view.put("key", user.key());
        view.put("name", user.name());
        var email = user.email();
        view.put("email", email == null ? NULL : email);
        view.put("roles", user.roles().stream().sorted().map(Role::text).toList());
        view.put("labels", JdbcUsers.texts(user.labels()));
        view.put("scopes", user.namedScopes().stream().sorted().map(Scope::text).toList());
        view.put("enabled", user.enabled());
        var external = user.external();
        view.put(
                "external",
                external == null ? NULL : Map.of("issuer", external.issuer(), "subject", external.subject()));
        view.put("hasPassword", user.hasPassword());
        view.put("createdAt", user.createdAt());
        view.put("updatedAt", user.updatedAt());
        var signedInAt = user.signedInAt();
        view.put("lastSignInAt", signedInAt == null ? NULL : signedInAt);
        return view;
    }

    /** The one answer that holds the code; it is nowhere to be read again. */
    private static Map<String, Object> viewWithCode(People.NewUser made) {
        var view = new SecretAnswer();
        view.putAll(view(made.user()));
        var code = made.setUpCode();
        if (code != null) {
            view.put("setUpCode", code);
            view.put("setUpCodeExpiresIn", People.CODE_WORKS.toSeconds());
        }
        return view;
    }
}
