package io.syncline.client.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.contracts.ReportStatus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Two instances of one service on one database. */
class TakeOverTest {

    private static final String SYSTEM = "pair";

    @Test
    void theOtherInstanceDoesTheWorkOfOneThatDied() throws Exception {
        var properties = Map.of(
                "spring.datasource.url",
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1",
                "spring.jmx.enabled",
                "false");
        try (var platform = FakePlatform.start();
                var survivor = SpringDownstream.start(ServiceUnderTest.class, platform, SYSTEM, properties)) {
            var victim = SpringDownstream.start(ServiceUnderTest.class, platform, SYSTEM, properties);
            var call = SyncCall.of(platform, "task", "bk", Map.of());
            assertThat(post(victim, platform, call)).isEqualTo(202);
            await().until(() -> handlers(victim).starts.get() == 1);
            assertThat(post(survivor, platform, call.nextRound())).isEqualTo(202);
            assertThat(handlers(survivor).starts).hasValue(0);
            handlers(survivor).gate.countDown();

            victim.kill();

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(
                                    platform.callbacks(call.request().taskRunId()))
                            .singleElement()
                            .satisfies(callback -> {
                                assertThat(callback.report().status()).isEqualTo(ReportStatus.COMPLETED);
                                assertThat(callback.token()).isEqualTo("callback-token-2");
                            }));
            assertThat(handlers(survivor).starts).hasValue(1);
            assertThat(post(survivor, platform, call)).isEqualTo(200);
        }
    }

    private static ServiceUnderTest handlers(SpringDownstream instance) {
        return instance.context().getBean(ServiceUnderTest.class);
    }

    private static int post(SpringDownstream instance, FakePlatform platform, SyncCall call) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(instance.url() + "/sync/gated"))
                .header("Authorization", "Bearer " + platform.callToken(SYSTEM))
                .header("Idempotency-Key", "\"" + call.key() + "\"")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        new tools.jackson.databind.json.JsonMapper().writeValueAsString(call.request())))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
