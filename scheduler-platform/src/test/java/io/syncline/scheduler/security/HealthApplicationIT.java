package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.zaxxer.hikari.HikariDataSource;
import io.syncline.scheduler.testing.CuttableLink;
import io.syncline.scheduler.testing.RootClient;
import io.syncline.scheduler.testing.TestDatabase;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node says of itself while what it needs is away: brokers, key sets, a mail server, the database. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "syncline.database.allow-unsafe-durability=true",
            "syncline.bootstrap.client.id=root",
            "syncline.bootstrap.client.secret=" + RootClient.SECRET,
            "syncline.destinations.allow=http://127.0.0.1:*,smtp://127.0.0.1:*"
        })
@DirtiesContext
class HealthApplicationIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final CuttableLink TO_THE_DATABASE = linkToADatabase();
    private static String database;

    @LocalServerPort
    private int port;

    @Autowired
    private RemoteJwks keysOfOthers;

    private static CuttableLink linkToADatabase() {
        database = ((HikariDataSource) TestDatabase.postgres().dataSource()).getJdbcUrl();
        return new CuttableLink(URI.create(database.substring("jdbc:".length())).getPort());
    }

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry settings) {
        settings.add(
                "spring.datasource.url", () -> database.replaceFirst(":[0-9]+/", ":" + TO_THE_DATABASE.port() + "/"));
        settings.add("spring.datasource.username", () -> "postgres");
        settings.add("spring.datasource.password", () -> "postgres");
        settings.add("syncline.kafka.bootstrap-servers", () -> "127.0.0.1:" + nobodysPort());
    }

    @Test
    void whatOnlyOthersCanMendIsShownAndKeepsNobodyFromSendingRequests() {
        var server = nobodysPort();
        putMailChannel(server);
        testChannel();
        assertThatThrownBy(() -> keysOfOthers.find(URI.create("http://127.0.0.1:" + nobodysPort() + "/keys"), "any"))
                .isInstanceOf(ProblemException.class);

        var shown = health("dependencies");

        assertThat(shown.statusCode()).isEqualTo(503);
        assertThat(component(shown, "kafka")).isEqualTo("DOWN");
        assertThat(component(shown, "issuers")).isEqualTo("DOWN");
        assertThat(component(shown, "mail")).isEqualTo("DOWN");
        assertThat(component(shown, "downstreams")).isEqualTo("UP");
        assertThat(shown.body()).as("addresses are nobody's business").doesNotContain("127.0.0.1");
        assertThat(health("readiness").statusCode()).isEqualTo(200);
        assertThat(health("liveness").statusCode()).isEqualTo(200);

        var post = new GreenMail(new ServerSetup(server, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        post.start();
        try {
            testChannel();
        } finally {
            post.stop();
        }
        assertThat(component(health("dependencies"), "mail")).isEqualTo("UP");
    }

    @Test
    void withoutItsDatabaseANodeIsNotReadyButLivesAndIsReadyAgainWithIt() {
        var token = token();
        assertThat(health("readiness").statusCode()).isEqualTo(200);
        try {
            TO_THE_DATABASE.cut();

            var shown = health("readiness");
            assertThat(shown.statusCode()).isEqualTo(503);
            assertThat(component(shown, "db")).isEqualTo("DOWN");
            assertThat(component(shown, "readinessState")).isEqualTo("UP");
            assertThat(health("liveness").statusCode()).isEqualTo(200);
            var refused = send(request("/api/v1/runs").header("Authorization", "Bearer " + token));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        } finally {
            TO_THE_DATABASE.mend();
        }

        await("it is ready again by itself")
                .atMost(SOON)
                .until(() -> health("readiness").statusCode() == 200);
        assertThat(send(request("/api/v1/runs").header("Authorization", "Bearer " + token))
                        .statusCode())
                .isEqualTo(200);
    }

    private void putMailChannel(int server) {
        var made = send(request("/api/v1/channels/mail")
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString("""
                        {"apiVersion": "syncline/v1", "kind": "Channel", "key": "mail", "type": "email", "host": "127.0.0.1",
                         "port": %d, "security": "NONE", "from": "syncline@example.com", "to": ["ops@example.com"]}
                        """.formatted(server))));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    private void testChannel() {
        var tested = send(request("/api/v1/channels/mail/test")
                .header("Authorization", "Bearer " + token())
                .POST(BodyPublishers.noBody()));
        assertThat(tested.statusCode()).as(tested.body()).isEqualTo(200);
    }

    private HttpResponse<String> health(String group) {
        return send(request("/actuator/health/" + group));
    }

    private static String component(HttpResponse<String> health, String name) {
        return json(health).at("/components/" + name + "/status").asString("");
    }

    private String token() {
        var basic = Base64.getEncoder().encodeToString(("root:" + RootClient.SECRET).getBytes(StandardCharsets.UTF_8));
        return json(send(request("/oauth2/token")
                        .header("Authorization", "Basic " + basic)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("grant_type=client_credentials"))))
                .get("access_token")
                .stringValue();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return JSON.readTree(answer.body());
    }

    private static int nobodysPort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
