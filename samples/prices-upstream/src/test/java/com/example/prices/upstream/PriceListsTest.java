package com.example.prices.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.syncline.client.test.FakePlatform;
import io.syncline.client.test.PlatformReply;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PriceListsTest {

    private static FakePlatform platform;
    private static ConfigurableApplicationContext service;
    private static PriceLists lists;

    @BeforeAll
    static void start() {
        platform = FakePlatform.start();
        service = SpringApplication.run(
                PricesUpstream.class,
                "--server.port=0",
                "--spring.datasource.url=jdbc:h2:mem:prices-upstream;DB_CLOSE_DELAY=-1",
                "--syncline.client.platform-url=" + platform.url(),
                "--syncline.client.client-secret=a-secret-of-the-tests-alone");
        lists = service.getBean(PriceLists.class);
    }

    @AfterAll
    static void stop() {
        service.close();
        platform.close();
    }

    @Test
    void aListAndItsMessageAreCommittedTogetherAndTheMessageIsSentUntilItIsTaken() {
        var refusals = new AtomicInteger(2);
        platform.onTrigger(event -> refusals.getAndDecrement() > 0
                ? PlatformReply.status(503)
                : new PlatformReply(202, java.util.Map.of(), "{\"status\": \"ACCEPTED\"}"));

        lists.publish("2026-11-20", "A-1,100\nB-2,250\n");

        await().until(() -> messages("2026-11-20") >= 3);
        var message = last("2026-11-20");
        assertThat(message.path("id").asString()).isEqualTo("prices-2026-11-20-1");
        assertThat(message.path("partitionkey").asString()).isEqualTo("prices-2026-11-20");
        assertThat(message.at("/data/rows").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsRolledBackIsNeitherStoredNorSaid() {
        var transaction = new TransactionTemplate(service.getBean(PlatformTransactionManager.class));

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    lists.publish("2026-11-21", "A-1,100\n");
                    throw new IllegalStateException("something else went wrong");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> lists.publish("2026-11-22", "no price\n"))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(lists.find("2026-11-21")).isEmpty();
        // A later message has passed, and there was nothing before it.
        lists.publish("2026-11-23", "A-1,100\n");
        await().until(() -> messages("2026-11-23") == 1);
        assertThat(messages("2026-11-21") + messages("2026-11-22")).isZero();
    }

    @Test
    void theSameListIsSaidOnceAndAChangedOneAgain() {
        lists.publish("2026-11-24", "A-1,100\n");
        lists.publish("2026-11-24", "A-1,100\n");
        lists.publish("2026-11-24", "A-1,110\n");

        await().until(() -> messages("2026-11-24") == 2);
        assertThat(last("2026-11-24").path("id").asString()).isEqualTo("prices-2026-11-24-2");
    }

    @Test
    void listsAreForWhoeverMayReadData() throws Exception {
        lists.publish("2026-11-25", "A-1,100\n");

        assertThat(get("/prices/2026-11-25", null).statusCode()).isEqualTo(401);
        assertThat(get("/prices/2026-11-25", platform.apiToken("triggers:write"))
                        .statusCode())
                .isEqualTo(403);
        var answer = get("/prices/2026-11-25", platform.apiToken("data:read"));
        assertThat(answer.body()).isEqualTo("A-1,100\n");
        assertThat(answer.headers().firstValue("Repr-Digest").orElse("")).startsWith("sha-256=:");
        assertThat(get("/prices/2020-01-01", platform.apiToken("data:read")).statusCode())
                .isEqualTo(404);
    }

    private static long messages(String day) {
        return platform.triggers().stream()
                .filter(text -> text.contains("\"" + day + "\""))
                .count();
    }

    private static JsonNode last(String day) {
        return platform.triggers().stream()
                .filter(text -> text.contains("\"" + day + "\""))
                .reduce((earlier, later) -> later)
                .map(new JsonMapper()::readTree)
                .orElseThrow();
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        var port = service.getEnvironment().getRequiredProperty("local.server.port");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
