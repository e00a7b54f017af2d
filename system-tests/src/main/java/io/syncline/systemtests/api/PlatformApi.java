package io.syncline.systemtests.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A node of the platform, called as one client; the token is fetched when needed and again when refused. */
public final class PlatformApi {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);
    private static final byte[] NOTHING = new byte[0];

    private final Http http;
    private final String clientId;
    private final String clientSecret;
    private @Nullable String token;

    public PlatformApi(String origin, String clientId, String clientSecret) {
        this.http = new Http(origin);
        this.clientId = clientId;
        this.clientSecret = clientSecret;
    }

    /** The same client at another node. */
    public PlatformApi at(String origin) {
        return new PlatformApi(origin, clientId, clientSecret);
    }

    public synchronized String token() {
        if (token == null) {
            var basic = Base64.getEncoder()
                    .encodeToString((encoded(clientId) + ":" + encoded(clientSecret)).getBytes(StandardCharsets.UTF_8));
            token = http.send(
                            "POST",
                            "/oauth2/token",
                            Map.of(
                                    "Authorization",
                                    "Basic " + basic,
                                    "Content-Type",
                                    "application/x-www-form-urlencoded"),
                            "grant_type=client_credentials".getBytes(StandardCharsets.UTF_8),
                            ANSWER_WITHIN)
                    .expect(200)
                    .json()
                    .path("access_token")
                    .asString();
        }
        return token;
    }

    /** Sends as this client; a 401 fetches a fresh token once. */
    public Answer send(String method, String path, Map<String, String> headers, byte[] body) {
        var first = http.send(method, path, signed(headers), body, ANSWER_WITHIN);
        if (first.status() != 401) {
            return first;
        }
        synchronized (this) {
            token = null;
        }
        return http.send(method, path, signed(headers), body, ANSWER_WITHIN);
    }

    public Answer get(String path) {
        return send("GET", path, Map.of(), NOTHING);
    }

    public Answer post(String path, Object json) {
        return send("POST", path, Map.of("Content-Type", "application/json"), Http.JSON.writeValueAsBytes(json));
    }

    /** Creates or replaces a configuration document, whichever it takes. */
    public Answer put(String path, Object json) {
        var body = Http.JSON.writeValueAsBytes(json);
        var headers = new HashMap<>(Map.of("Content-Type", "application/json", "If-None-Match", "*"));
        var created = send("PUT", path, headers, body);
        if (created.status() != 412) {
            return created.expect(200, 201, 204);
        }
        headers.remove("If-None-Match");
        headers.put("If-Match", get(path).expect(200).header("ETag"));
        return send("PUT", path, headers, body).expect(200, 201, 204);
    }

    /** Creates a client and returns its secret. */
    public String createClient(String key, @Nullable String system, List<String> scopes) {
        var client = new HashMap<String, Object>();
        client.put("scopes", scopes);
        if (system != null) {
            client.put("system", system);
        }
        var secret = put("/api/v1/clients/" + key, client)
                .json()
                .path("clientSecret")
                .asString();
        if (secret.isEmpty()) {
            throw new IllegalStateException("the client " + key + " was there before; its secret is told once");
        }
        return secret;
    }

    /** Creates the account of a person, who then chooses the password by the one-time code of the answer. */
    public void createPerson(String key, String name, List<String> roles, List<String> labels, String password) {
        var made = put("/api/v1/users/" + key, Map.of("name", name, "roles", roles, "labels", labels))
                .json();
        var body = Map.of("code", made.path("setUpCode").asString(), "password", password);
        http.send(
                        "POST",
                        "/api/v1/users/" + key + "/password",
                        Map.of("Content-Type", "application/json"),
                        Http.JSON.writeValueAsBytes(body),
                        ANSWER_WITHIN)
                .expect(204);
    }

    /** Sends a structured CloudEvent. */
    public Answer trigger(Map<String, Object> event) {
        return send(
                "POST",
                "/api/v1/triggers",
                Map.of("Content-Type", "application/cloudevents+json"),
                Http.JSON.writeValueAsBytes(event));
    }

    /** The run that each message of a batch started, in the order of the messages. */
    public List<String> startAll(List<Map<String, Object>> events) {
        return send(
                        "POST",
                        "/api/v1/triggers",
                        Map.of("Content-Type", "application/cloudevents-batch+json"),
                        Http.JSON.writeValueAsBytes(events))
                .expect(200)
                .json()
                .values()
                .stream()
                .map(answer -> answer.at("/runs/0/runId").asString())
                .toList();
    }

    public JsonNode run(String runId) {
        return get("/api/v1/runs/" + runId).expect(200).json();
    }

    /** The newest run of a group for a business key. */
    public Optional<JsonNode> newestRun(String group, String businessKey) {
        var list = get("/api/v1/runs?group=%s&businessKey=%s".formatted(encoded(group), encoded(businessKey)))
                .expect(200)
                .json()
                .path("items");
        return list.isEmpty() ? Optional.empty() : Optional.of(list.get(0));
    }

    private Map<String, String> signed(Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put("Authorization", "Bearer " + token());
        return all;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
