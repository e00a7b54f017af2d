package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.outbox.WebhookSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A machine, and an operator for it, that talk to the platform over HTTP. */
final class MachinesHttp {

    static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final int port;
    private final String rootSecret;
    private @Nullable String root;

    MachinesHttp(int port, String rootSecret) {
        this.port = port;
        this.rootSecret = rootSecret;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> send(String method, String path, @Nullable String token, @Nullable String json) {
        var request =
                request(path).method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        return send(request);
    }

    HttpResponse<String> create(String path, String json) {
        return send(request(path)
                .header("Authorization", "Bearer " + root())
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> change(String method, String path, int version, @Nullable String json) {
        return send(request(path)
                .header("Authorization", "Bearer " + root())
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + version + "\"")
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json)));
    }

    HttpResponse<String> askToken(String id, String secret) {
        var basic = Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
        return send(request("/oauth2/token")
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials")));
    }

    HttpResponse<String> askTokenBy(String assertion) {
        return askForm("grant_type=client_credentials&client_assertion_type="
                + URLEncoder.encode(Assertions.TYPE, StandardCharsets.UTF_8) + "&client_assertion=" + assertion);
    }

    HttpResponse<String> askForm(String form) {
        return send(request("/oauth2/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    String root() {
        var known = root;
        if (known == null) {
            var answer = askToken("root", rootSecret);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            known = json(answer).get("access_token").stringValue();
            root = known;
        }
        return known;
    }

    HttpRequest.Builder webhook(String client, String secret, String id, Instant at, String body) {
        return request("/api/v1/hooks/" + client)
                .header("webhook-id", id)
                .header("webhook-timestamp", Long.toString(at.getEpochSecond()))
                .header(
                        "webhook-signature",
                        new WebhookSigner(List.of(secret)).sign(id, at, body.getBytes(StandardCharsets.UTF_8)))
                .POST(BodyPublishers.ofString(body));
    }

    static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    static void assertProblem(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(answer).get("traceId").stringValue()).matches("[0-9a-f]{32}");
    }

    static void assertTokenError(HttpResponse<String> answer, int status, String error) {
        assertProblem(answer, status);
        assertThat(json(answer).get("error").stringValue()).isEqualTo(error);
        assertThat(json(answer).get("error_description").stringValue()).isNotEmpty();
    }

    static List<String> pointers(HttpResponse<String> answer) {
        return json(answer).get("errors").values().stream()
                .map(error -> error.get("pointer").stringValue())
                .toList();
    }
}
