package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.scheduler.testing.RootClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node all of whose threads are taken. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:overload;MODE=Oracle;DB_CLOSE_DELAY=-1",
            "syncline.database.allow-unsafe-durability=true",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "spring.threads.virtual.enabled=false",
            "server.tomcat.threads.min-spare=2",
            "server.tomcat.threads.max=2",
            "syncline.requests.longest-wait=" + OverloadIT.LONGEST_WAIT_MILLIS + "ms"
        })
@DirtiesContext
class OverloadIT {

    static final int LONGEST_WAIT_MILLIS = 200;

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int REQUESTS = 30;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @LocalServerPort
    private int port;

    @Autowired
    private TomcatThreads threads;

    @Test
    void whoHasWaitedTooLongForAThreadIsToldToComeBackAndProbesAreAnswered() throws Exception {
        var token = token();
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        CompletableFuture<HttpResponse<String>> probe;
        CompletableFuture<HttpResponse<String>> message;
        CompletableFuture<HttpResponse<String>> hook;
        try (var one = bodyThatDoesNotEnd(token);
                var other = bodyThatDoesNotEnd(token);
                var twice = new Socket(InetAddress.getLoopbackAddress(), port)) {
            await().atMost(SOON).until(() -> threads.busy() == 2);
            for (int i = 0; i < REQUESTS; i++) {
                answers.add(send(request("/api/v1/groups").header("Authorization", "Bearer " + token)));
            }
            probe = send(request("/actuator/health/liveness"));
            message = send(message("/api/v1/triggers", token));
            hook = send(message("/api/v1/hooks/billing", token));
            twice.getOutputStream().write((message(token) + message(token)).getBytes(StandardCharsets.US_ASCII));
            twice.getOutputStream().flush();
            await().atMost(SOON).until(() -> threads.waiting() == REQUESTS + 4);
            long sinceNanos = System.nanoTime();
            await().atMost(SOON)
                    .until(() -> System.nanoTime() - sinceNanos
                            > Duration.ofMillis(LONGEST_WAIT_MILLIS).toNanos());
            for (var socket : List.of(one, other)) {
                socket.getOutputStream().write("]".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }

            for (var answer : answers) {
                assertShed(answer.get(), 503);
            }
            for (var answer : List.of(message.get(), hook.get())) {
                assertShed(answer, 429);
                assertThat(answer.headers().firstValue("Connection")).isEmpty();
            }
            var lines = new BufferedReader(new InputStreamReader(twice.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(lines.lines().filter(line -> line.startsWith("HTTP/1.1")).limit(2))
                    .allMatch(line -> line.startsWith("HTTP/1.1 429"));
        }
        assertThat(probe.get().statusCode()).isEqualTo(200);
        assertThat(send(request("/api/v1/groups").header("Authorization", "Bearer " + token))
                        .get()
                        .statusCode())
                .isEqualTo(200);
        assertThat(threads.waiting()).isZero();
    }

    private static void assertShed(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(json(answer).get("type").stringValue()).endsWith("/overloaded");
        assertThat(json(answer).get("traceId").stringValue()).hasSize(32);
    }

    private static String message(String token) {
        return "POST /api/v1/triggers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/cloudevents+json\r\nContent-Length: 2\r\n\r\n{}";
    }

    private HttpRequest.Builder message(String path, String token) {
        return request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/cloudevents+json")
                .POST(BodyPublishers.ofString("{}"));
    }

    /** A request that holds one thread until its last byte comes. */
    private Socket bodyThatDoesNotEnd(String token) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream()
                .write(("POST /api/v1/triggers HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                + "\r\nContent-Type: application/cloudevents-batch+json\r\nContent-Length: 2\r\n\r\n[")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return http.sendAsync(request.timeout(SOON).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private String token() throws Exception {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        var answer = send(request("/oauth2/token")
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials")))
                .get();
        return json(answer).get("access_token").stringValue();
    }
}
