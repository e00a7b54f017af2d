package io.syncline.portal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's tokens, sessions and accounts as a loopback server; everything else has scripted answers. */
public final class FakePlatform implements AutoCloseable {

    public static final String PASSWORD = "kettle-harbour-92";
    private static final String PROBLEMS = "https://syncline.io/problems/";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FREE_FAILURES = 5;

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Sent> sent = new CopyOnWriteArrayList<>();
    private final List<JsonNode> openings = new CopyOnWriteArrayList<>();
    private final Map<String, String> people = new ConcurrentHashMap<>();
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Map<String, String> codes = new ConcurrentHashMap<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private final Map<String, String> accessTokens = new ConcurrentHashMap<>();
    private final Set<String> takesRecentSignIn = ConcurrentHashMap.newKeySet();
    private final Set<String> signedInAgain = ConcurrentHashMap.newKeySet();
    private final List<String> tokenForms = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<String> conditions = new CopyOnWriteArrayList<>();
    private final List<LinkedBlockingQueue<String>> streams = new CopyOnWriteArrayList<>();
    private final List<String> lastEventIds = new CopyOnWriteArrayList<>();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger refreshes = new AtomicInteger();
    private volatile String portalToken = "none yet";
    private volatile long expiresIn = 600;
    private volatile boolean isDown;
    private volatile int refreshStatus = 200;
    private volatile String openingSlug = "";
    private volatile BiFunction<String, String, Answer> idTokens = (token, nonce) -> refused("sign-in-refused", "No.");

    public FakePlatform() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", this::answer);
        server.start();
        reset();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * From now on {@code path} (perhaps behind a method and a space) is answered like this; with method and query, this one
     * question alone.
     */
    public void answers(String path, int status, String json) {
        answers.put(path, new Answer(status, json, Map.of()));
    }

    /** As {@link #answers(String, int, String)}, with an entity tag. */
    public void answers(String path, int status, String json, String entityTag) {
        answers.put(path, new Answer(status, json, Map.of("ETag", entityTag)));
    }

    /** Calls of this method and path take a sign-in within the session before they are answered. */
    public void takesRecentSignIn(String call) {
        takesRecentSignIn.add(call);
    }

    /** What was sent in answered requests with a body, as method, path and body. */
    public List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** As {@link #bodies}, but the headers that make a request conditional or unique. */
    public List<String> conditions() {
        return List.copyOf(conditions);
    }

    /** As {@link #answers(String, int, String)}, to one method alone, and with headers. */
    public void answers(String method, String path, int status, String body, Map<String, String> headers) {
        answers.put(method + " " + path, new Answer(status, body, headers));
    }

    /** What tokens were asked for with: the client and the form. */
    public List<String> tokenForms() {
        return List.copyOf(tokenForms);
    }

    /** What people's answered requests of this method and path held, oldest first. */
    public List<Sent> sent(String method, String path) {
        return sent.stream()
                .filter(one -> one.method.equals(method) && one.path.equals(path))
                .toList();
    }

    /** Adds an account with {@link #PASSWORD}. */
    public void person(String user, String name, String roles, String labels, String scopes) {
        people.put(user, """
                "user":"%s","name":"%s","roles":%s,"labels":%s,"scopes":%s""".formatted(user, name, roles, labels, scopes));
        passwords.put(user, PASSWORD);
    }

    public void code(String user, String code) {
        codes.put(user, code);
    }

    /** How id tokens are judged; {@link #opened} and {@link #refused} make the answers. */
    public void idTokens(BiFunction<String, String, Answer> judge) {
        idTokens = judge;
    }

    public void accessTokensLive(long seconds) {
        expiresIn = seconds;
    }

    public void goesDown() {
        isDown = true;
    }

    public void refusesRefreshes(int status) {
        refreshStatus = status;
    }

    /** Opening a session is answered 403 with this type. */
    public void refusesOpenings(String slug) {
        openingSlug = slug;
    }

    /** The portal's own token is refused from now on. */
    public void forgetPortalToken() {
        portalToken = "forgotten";
    }

    /** All access tokens of people are refused from now on; their refresh tokens are good. */
    public void forgetAccessTokens() {
        accessTokens.clear();
    }

    /** All sessions are over. */
    public void endSessions() {
        accessTokens.clear();
        refreshTokens.clear();
    }

    public int sessionsStanding() {
        return refreshTokens.size();
    }

    public int refreshes() {
        return refreshes.get();
    }

    /** Bodies of the requests that opened sessions. */
    public List<JsonNode> openings() {
        return List.copyOf(openings);
    }

    /** Requests to the API since the last {@link #reset()}, as method, path and query. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    public void reset() {
        answers.clear();
        requests.clear();
        openings.clear();
        bodies.clear();
        tokenForms.clear();
        sent.clear();
        conditions.clear();
        takesRecentSignIn.clear();
        signedInAgain.clear();
        people.clear();
        passwords.clear();
        codes.clear();
        failures.clear();
        refreshes.set(0);
        expiresIn = 600;
        isDown = false;
        refreshStatus = 200;
        openingSlug = "";
        endSessions();
        endsStreams();
        lastEventIds.clear();
        person(
                "ana",
                "Ana Ruiz",
                "[\"operator\"]",
                "[\"airports\"]",
                "[\"config:read\",\"runs:operate\",\"runs:read\"]");
    }

    /** To all who listen to events. */
    public void tells(String frames) {
        streams.forEach(stream -> stream.add(frames));
    }

    public void endsStreams() {
        tells("");
    }

    public int listeners() {
        return streams.size();
    }

    /** Of all who came to listen, empty for those without one. */
    public List<String> lastEventIds() {
        return List.copyOf(lastEventIds);
    }

    public void forgetRequests() {
        requests.clear();
        bodies.clear();
        sent.clear();
        conditions.clear();
    }

    public Answer opened(String user) {
        var n = number.incrementAndGet();
        accessTokens.put("access-" + n, user);
        refreshTokens.put("refresh-" + n, user);
        return new Answer(
                201,
                "{\"accessToken\":\"access-%d\",\"expiresIn\":%d,\"refreshToken\":\"refresh-%d\",\"refreshExpiresIn\":900,%s}"
                        .formatted(n, expiresIn, n, people.get(user)),
                Map.of());
    }

    public static Answer refused(String slug, String detail) {
        return problem(403, slug, detail);
    }

    private static Answer problem(int status, String slug, String detail) {
        return new Answer(status, "{\"type\":\"%s%s\",\"detail\":\"%s\"}".formatted(PROBLEMS, slug, detail), Map.of());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            if (isDown) {
                send(exchange, problem(503, "database-unavailable", "Overloaded."));
                return;
            }
            if (path.equals("/oauth2/token")) {
                send(exchange, token(exchange));
                return;
            }
            var call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            requests.add(call);
            var bearer = exchange.getRequestHeaders().getFirst("Authorization");
            var token = bearer == null ? "" : bearer.substring("Bearer ".length());
            if (call.equals("GET /api/v1/events") && accessTokens.containsKey(token) && !answers.containsKey(path)) {
                stream(exchange);
                return;
            }
            send(
                    exchange,
                    switch (call) {
                        case "POST /api/v1/sessions" -> asPortal(token, () -> open(body(exchange)));
                        case "POST /api/v1/sessions/refresh" -> asPortal(token, () -> refresh(body(exchange)));
                        case "POST /api/v1/setup" -> setUp(body(exchange));
                        default ->
                            path.matches("/api/v1/users/[^/]+/password")
                                    ? setPassword(path.split("/")[4], body(exchange))
                                    : asPerson(token, call, path, exchange);
                    });
        }
    }

    private void stream(HttpExchange exchange) throws IOException {
        var id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        lastEventIds.add(id == null ? "" : id);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
        exchange.sendResponseHeaders(200, 0);
        var told = new LinkedBlockingQueue<String>();
        streams.add(told);
        try (var body = exchange.getResponseBody()) {
            body.write("retry: 3000\n\n".getBytes(StandardCharsets.UTF_8));
            body.flush();
            for (var frames = told.take(); !frames.isEmpty(); frames = told.take()) {
                body.write(frames.getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            streams.remove(told);
        }
    }

    private Answer token(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var basic = exchange.getRequestHeaders().getFirst("Authorization");
        var client = new String(Base64.getDecoder().decode(basic.substring("Basic ".length())), StandardCharsets.UTF_8);
        tokenForms.add(client + " " + body);
        var isData = client.equals("portal-data:data-secret") && body.contains("scope=");
        var isPortal = client.equals("portal:portal-secret") && body.equals("grant_type=client_credentials");
        if (!isData && !isPortal) {
            return new Answer(401, "{\"error\":\"invalid_client\"}", Map.of());
        }
        var token = (isData ? "data-" : "portal-") + number.incrementAndGet();
        if (isPortal) {
            portalToken = token;
        }
        return new Answer(200, "{\"access_token\":\"%s\",\"expires_in\":300}".formatted(token), Map.of());
    }

    private Answer asPortal(String token, Call call) throws IOException {
        return token.equals(portalToken) ? call.answer() : problem(401, "unauthorized", "Not accepted.");
    }

    private Answer open(JsonNode body) {
        openings.add(body);
        if (!openingSlug.isEmpty()) {
            return refused(openingSlug, "No.");
        }
        if (body.has("idToken")) {
            return idTokens.apply(
                    body.path("idToken").asString(), body.path("nonce").asString());
        }
        var user = body.path("user").asString();
        if (failures.getOrDefault(user, 0) >= FREE_FAILURES) {
            var locked = problem(429, "too-many-tries", "Wait.");
            return new Answer(429, locked.json, Map.of("Retry-After", "20"));
        }
        if (!body.path("password").asString().equals(passwords.get(user))) {
            failures.merge(user, 1, Integer::sum);
            return refused("sign-in-refused", "The name or the password is wrong, or the account may not sign in.");
        }
        return opened(user);
    }

    private Answer refresh(JsonNode body) {
        if (refreshStatus != 200) {
            return problem(refreshStatus, "database-unavailable", "Overloaded.");
        }
        refreshes.incrementAndGet();
        var user = refreshTokens.remove(body.path("refreshToken").asString());
        if (user == null) {
            // As after a theft: whoever shows a spent token ends the session.
            endSessions();
            return refused("session-over", "The session has ended or the refresh token was used.");
        }
        return opened(user);
    }

    private Answer setUp(JsonNode body) {
        if (!"FIRST-CODE".equals(body.path("code").asString())) {
            return refused("setup-refused", "The code is wrong, older than 24 hours or used.");
        }
        var user = body.path("user");
        var key = user.path("key").asString();
        person(key, user.path("name").asString(), "[\"admin\"]", "[\"*\"]", "[\"admin\",\"runs:read\"]");
        passwords.put(key, user.path("password").asString());
        return new Answer(201, "{}", Map.of());
    }

    private Answer setPassword(String user, JsonNode body) {
        if (!body.path("code").asString().equals(codes.get(user))) {
            return refused("code-refused", "The code is wrong, used, or older than 24 hours.");
        }
        var password = body.path("password").asString();
        if (password.length() < 12) {
            return new Answer(
                    422,
                    "{\"type\":\"%spassword-invalid\",\"errors\":[{\"pointer\":\"/password\",\"detail\":\"is shorter than 12 characters\"}]}"
                            .formatted(PROBLEMS),
                    Map.of());
        }
        codes.remove(user);
        passwords.put(user, password);
        return new Answer(204, "", Map.of());
    }

    private Answer asPerson(String token, String call, String path, HttpExchange exchange) throws IOException {
        var user = accessTokens.get(token);
        if (user == null) {
            return problem(401, "unauthorized", "Not accepted.");
        }
        return switch (call) {
            case "DELETE /api/v1/sessions/current" -> {
                endSessions();
                yield new Answer(204, "", Map.of());
            }
            case "GET /api/v1/me" -> new Answer(200, "{\"hasPassword\":" + passwords.containsKey(user) + "}", Map.of());
            case "POST /api/v1/me/password" -> changePassword(user, body(exchange));
            case "POST /api/v1/sessions/current/sign-in" -> signInAgain(user, body(exchange));
            default -> scripted(token, exchange.getRequestMethod() + " " + path, path, exchange);
        };
    }

    private Answer scripted(String token, String call, String path, HttpExchange exchange) throws IOException {
        if (takesRecentSignIn.contains(call) && !signedInAgain.contains(token)) {
            return refused("sign-in-again", "This change takes a recent sign-in.");
        }
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = new HashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        var query = exchange.getRequestURI().getRawQuery();
        sent.add(new Sent(exchange.getRequestMethod(), path, query, headers, body));
        if (!body.isEmpty()) {
            bodies.add(call + " " + body);
        }
        for (var header : List.of("If-Match", "If-None-Match", "Idempotency-Key")) {
            var content = exchange.getRequestHeaders().getFirst(header);
            if (content != null) {
                conditions.add(call + " " + header + ": " + content);
            }
        }
        var exactly = answers.get(call + "?" + query);
        return exactly != null
                ? exactly
                : answers.getOrDefault(call, answers.getOrDefault(path, problem(404, "not-found", "There is none.")));
    }

    private Answer signInAgain(String user, JsonNode body) {
        if (!body.path("password").asString().equals(passwords.get(user))) {
            return refused("sign-in-refused", "The name or the password is wrong, or the account may not sign in.");
        }
        var fresh = "access-" + number.incrementAndGet();
        accessTokens.put(fresh, user);
        signedInAgain.add(fresh);
        return new Answer(200, "{\"accessToken\":\"%s\",\"expiresIn\":%d}".formatted(fresh, expiresIn), Map.of());
    }

    private Answer changePassword(String user, JsonNode body) {
        if (!body.path("currentPassword").asString().equals(passwords.get(user))) {
            return refused("sign-in-refused", "The current password is wrong.");
        }
        passwords.put(user, body.path("password").asString());
        return new Answer(204, "", Map.of());
    }

    private static JsonNode body(HttpExchange exchange) throws IOException {
        return JSON.readTree(exchange.getRequestBody().readAllBytes());
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        var body = answer.json.getBytes(StandardCharsets.UTF_8);
        var headers = new HashMap<>(answer.headers);
        headers.putIfAbsent("Content-Type", answer.status < 400 ? "application/json" : "application/problem+json");
        headers.forEach((name, text) -> exchange.getResponseHeaders().set(name, text));
        exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** A request of a person; header names in lower case. */
    public record Sent(String method, String path, String query, Map<String, String> headers, String body) {}

    public record Answer(int status, String json, Map<String, String> headers) {}

    private interface Call {
        Answer answer() throws IOException;
    }
}
