package io.syncline.client.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.syncline.client.MissingPropertyException;
import io.syncline.client.Reports;
import io.syncline.client.TriggerSender;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;
import tools.jackson.databind.json.JsonMapper;

/** Starting a service: what it needs, and what it does not. */
class StarterStartTest {

    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void startsWhileThePlatformIsDownAndAsksTheCallerToComeAgain() throws IOException, InterruptedException {
        var platform = FakePlatform.start();
        var token = platform.callToken("s");
        var url = platform.url();
        platform.close();

        try (var context = start("--syncline.client.platform-url=" + url, "--syncline.client.system=s")) {
            var answer = post(context, "/sync/chatty", token);

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        }
    }

    @Test
    void namesAMissingProperty() {
        assertThat(causeOfFailure("--syncline.client.system=s"))
                .isInstanceOf(MissingPropertyException.class)
                .hasMessageContaining("syncline.client.platform-url");
        assertThat(causeOfFailure("--syncline.client.platform-url=http://127.0.0.1:1"))
                .isInstanceOf(MissingPropertyException.class)
                .hasMessageContaining("syncline.client.system");
    }

    @Test
    void aSenderNeedsItsClient() {
        try (var context = start("--syncline.client.platform-url=http://127.0.0.1:1", "--syncline.client.system=s")) {
            assertThatThrownBy(() -> context.getBean(TriggerSender.class))
                    .rootCause()
                    .isInstanceOf(MissingPropertyException.class)
                    .hasMessageContaining("syncline.client.client-id");
        }
    }

    @Test
    void doesNotStartWithoutItsTables() {
        assertThatThrownBy(() -> start(
                        "--syncline.client.platform-url=http://127.0.0.1:1",
                        "--syncline.client.system=s",
                        "--syncline.client.store.create-tables=never"))
                .rootCause()
                .hasMessageContaining("db/outbox/h2");
    }

    @Test
    void canBeSwitchedOff() {
        try (var context = start("--syncline.client.enabled=false")) {
            assertThat(context.getBeanProvider(Reports.class).getIfAvailable()).isNull();
        }
    }

    @Test
    void tablesOfAnOlderStarterKeepTheTraceWithoutItsState() throws Exception {
        var database = "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1";
        try (var connection = DriverManager.getConnection(database, "sa", "")) {
            for (var script : List.of("V001__outbox.sql", "V002__sync_work.sql")) {
                ScriptUtils.executeSqlScript(connection, new ClassPathResource("db/outbox/h2/" + script));
            }
        }
        try (var platform = FakePlatform.start();
                var service = SpringDownstream.start(
                        ServiceUnderTest.class,
                        platform,
                        "service",
                        Map.of("spring.datasource.url", database, "syncline.client.store.create-tables", "never"))) {
            service.context().getBean(ServiceUnderTest.class).gate.countDown();
            var call = SyncCall.of(platform, "task", "bk", Map.of());
            var request = HttpRequest.newBuilder(URI.create(service.url() + "/sync/gated"))
                    .header("Authorization", "Bearer " + platform.callToken("service"))
                    .header("Idempotency-Key", "\"" + call.key() + "\"")
                    .header("Content-Type", "application/json")
                    .header("traceparent", TRACEPARENT)
                    .header("tracestate", "congo=" + "t".repeat(200))
                    .POST(HttpRequest.BodyPublishers.ofString(new JsonMapper().writeValueAsString(call.request())))
                    .build();

            var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            await().untilAsserted(() -> assertThat(
                            platform.callbacks(call.request().taskRunId()))
                    .singleElement()
                    .satisfies(callback -> {
                        assertThat(callback.traceparent()).isEqualTo(TRACEPARENT);
                        assertThat(callback.tracestate()).isNull();
                    }));
        }
    }

    @Test
    void aCollectorWithoutOpenTelemetryIsRefusedWithWhatToAdd() {
        assertThat(causeOfFailure(
                        "--syncline.client.platform-url=http://127.0.0.1:1",
                        "--syncline.client.system=s",
                        "--syncline.tracing.endpoint=http://127.0.0.1:4318"))
                .hasMessageContaining("opentelemetry-exporter-otlp");
    }

    private static Throwable causeOfFailure(String... arguments) {
        return NestedExceptionUtils.getMostSpecificCause(
                catchThrowable(() -> start(arguments).close()));
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--server.port=0");
        all.add("--server.address=127.0.0.1");
        all.add("--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1");
        return SpringApplication.run(ServiceUnderTest.class, all.toArray(String[]::new));
    }

    private static HttpResponse<String> post(ConfigurableApplicationContext context, String path, String token)
            throws IOException, InterruptedException {
        var port = context.getEnvironment().getRequiredProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
