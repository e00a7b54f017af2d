package io.syncline.scheduler.security;

import io.syncline.scheduler.store.DatabaseClock;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Where people sign in and out. The portal does it for them; its client alone opens and refreshes sessions. */
@RestController
@RequestMapping("/api/v1/sessions")
class SessionsController {

    /** Any password fits, and one that is too long is wrong and nothing else. */
    private static final int LONGEST_SECRET = 1000;

    private static final int LONGEST_AGENT = 300;
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.]{2,45}(%[0-9A-Za-z]{1,15})?");
    /** A node, because members that are null are left out, and here the null is agreed. */
    private static final JsonNode NULL = JsonNodeFactory.instance.nullNode();

    private final Sessions sessions;
    private final ExternalSignIns external;
    private final JdbcUsers users;
    private final TokenSigner signer;
    private final TokenProperties tokens;
    private final DatabaseClock clock;

    SessionsController(
            Sessions sessions,
            ExternalSignIns external,
            JdbcUsers users,
            TokenSigner signer,
            TokenProperties tokens,
            DatabaseClock clock) {
        this.sessions = sessions;
        this.external = external;
        this.users = users;
        this.signer = signer;
        this.tokens = tokens;
        this.clock = clock;
    }

    @PortalRoute
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> signIn(@RequestBody byte[] bytes, Caller portal) {
        var body = new JsonBody(
                bytes,
                ProblemException.of(422, "sign-in-invalid", "Invalid sign-in")
                        .detail("Send user and password, or idToken and nonce; errors lists what is wrong."));
        var origin = origin(body, portal);
        var opened = body.has("idToken") ? byIdToken(body, origin) : byPassword(body, origin);
        return ResponseEntity.created(
                        URI.create("/api/v1/sessions/" + opened.session().id()))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(answer(opened));
    }

    private Sessions.Opened byPassword(JsonBody body, Sessions.Origin origin) {
        var user = body.text("user", LONGEST_SECRET);
        var password = body.text("password", LONGEST_SECRET);
        body.refuseIfWrong();
        return sessions.signIn(user, password, origin);
    }

    private Sessions.Opened byIdToken(JsonBody body, Sessions.Origin origin) {
        var idToken = body.text("idToken", StrictJws.MAX_BYTES);
        var nonce = body.text("nonce", LONGEST_SECRET);
        body.refuseIfWrong();
        return external.signIn(idToken, nonce, origin);
    }

    @PortalRoute
    @PostMapping(path = "/refresh", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> refresh(@RequestBody byte[] bytes, Caller portal) {
        var body = new JsonBody(
                bytes,
                ProblemException.of(422, "refresh-invalid", "Invalid refresh")
                        .detail("Send {\"refreshToken\": \"…\"}; errors lists what is wrong."));
        var refreshToken = body.text("refreshToken", LONGEST_SECRET);
        body.refuseIfWrong();
        var opened = sessions.refresh(refreshToken, portal.subject())
                .orElseThrow(() -> ProblemException.of(403, "session-over", "Session over")
                        .detail("The session has ended or the refresh token was used; let the person sign in again."));
        return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(answer(opened));
    }

    @PersonRoute
    @PostMapping(path = "/current/sign-in", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, Object>> signInAgain(@RequestBody byte[] bytes) {
        var body = new JsonBody(
                bytes,
                ProblemException.of(422, "sign-in-invalid", "Invalid sign-in")
                        .detail("Send password, or idToken and nonce; errors lists what is wrong."));
        var session = body.has("idToken") ? againByIdToken(body) : againByPassword(body);
        var user = users.find(session.user()).orElseThrow(() -> Problems.unauthorized(true));
        var answer = new SecretAnswer();
        addAccessToken(answer, session, user);
        return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").body(answer);
    }

    private Session againByPassword(JsonBody body) {
        var password = body.text("password", LONGEST_SECRET);
        body.refuseIfWrong();
        return sessions.signInAgain(current(), password);
    }

    private Session againByIdToken(JsonBody body) {
        var idToken = body.text("idToken", StrictJws.MAX_BYTES);
        var nonce = body.text("nonce", LONGEST_SECRET);
        body.refuseIfWrong();
        return external.signInAgain(current(), idToken, nonce);
    }

    @PersonRoute
    @DeleteMapping("/current")
    ResponseEntity<Void> signOut(Caller person) {
        sessions.find(current()).ifPresent(session -> sessions.end(session, person.subject()));
        return ResponseEntity.noContent().build();
    }

    /** The caller's own sessions; an administrator may name another person. */
    @PersonRoute(or = Scope.ADMIN)
    @GetMapping
    Map<String, Object> list(@RequestParam(required = false) @Nullable String user, Caller caller) {
        var whose = user == null ? caller.subject() : user;
        if (!whose.equals(caller.subject()) && !caller.administers()) {
            throw Problems.forbidden();
        }
        var current = RouteFilter.session().orElse("");
        List<Map<String, Object>> items = (Keys.isKey(whose) ? sessions.of(whose) : List.<Session>of())
                .stream().map(session -> view(session, current)).toList();
        var answer = new LinkedHashMap<String, Object>();
        answer.put("items", items);
        answer.put("nextCursor", NULL);
        return answer;
    }

    /** Ends a session: one's own, or as an administrator anybody's. */
    @PersonRoute(or = Scope.ADMIN)
    @DeleteMapping("/{id}")
    ResponseEntity<Void> end(@PathVariable String id, Caller caller) {
        var session = sessions.find(id)
                .filter(found -> found.user().equals(caller.subject()) || caller.administers())
                .orElseThrow(Problems::notFound);
        sessions.end(session, caller.subject());
        return ResponseEntity.noContent().build();
    }

    private static String current() {
        return RouteFilter.session().orElseThrow(Problems::forbidden);
    }

    private static Sessions.Origin origin(JsonBody body, Caller portal) {
        var address = body.optionalText("remoteAddress", 64);
        if (address != null && !ADDRESS.matcher(address).matches()) {
            body.error("/remoteAddress", "is no IP address", "format");
        }
        var agent = body.optionalText("userAgent", LONGEST_SECRET);
        return new Sessions.Origin(
                portal.subject(), address, agent == null || agent.length() <= LONGEST_AGENT ? agent : cut(agent));
    }

    private static String cut(String agent) {
        return agent.substring(
                0, Character.isHighSurrogate(agent.charAt(LONGEST_AGENT - 1)) ? LONGEST_AGENT - 1 : LONGEST_AGENT);
    }

    private Map<String, Object> answer(Sessions.Opened opened) {
        var session = opened.session();
        var user = opened.user();
        var answer = new SecretAnswer();
        addAccessToken(answer, session, user);
        answer.put("refreshToken", opened.refreshToken());
        answer.put(
                "refreshExpiresIn",
                Duration.between(clock.now(), opened.refreshUntil()).toSeconds());
        answer.put("sessionId", session.id());
        answer.put("user", user.key());
        answer.put("name", user.name());
        answer.put("roles", user.roles().stream().sorted().map(Role::text).toList());
        answer.put("labels", JdbcUsers.texts(user.labels()));
        answer.put("scopes", user.scopes().stream().sorted().map(Scope::text).toList());
        answer.put("signedInAt", session.signedInAt());
        answer.put("endsAt", session.endsAt());
        return answer;
    }

    private void addAccessToken(Map<String, Object> answer, Session session, User user) {
        var left = Duration.between(clock.now(), session.endsAt());
        var life = left.compareTo(tokens.life()) < 0 ? left : tokens.life();
        answer.put("accessToken", signer.signPerson(user, session, life));
        answer.put("expiresIn", life.toSeconds());
    }

    private static Map<String, Object> view(Session session, String current) {
        var view = new LinkedHashMap<String, Object>();
        view.put("sessionId", session.id());
        view.put("user", session.user());
        view.put("current", session.id().equals(current));
        view.put("createdAt", session.createdAt());
        view.put("signedInAt", session.signedInAt());
        view.put("refreshedAt", session.refreshedAt());
        view.put("endsAt", session.endsAt());
        var address = session.remoteAddress();
        view.put("remoteAddress", address == null ? NULL : address);
        var agent = session.userAgent();
        view.put("userAgent", agent == null ? NULL : agent);
        return view;
    }
}
