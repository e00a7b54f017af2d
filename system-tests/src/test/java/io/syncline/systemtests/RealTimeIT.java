package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Request and reply through the platform: waited for, or looked up by what the sender knows. */
@ExtendWith(Cluster.Shared.class)
class RealTimeIT {

    private static final String SYSTEM = "rt-system";

    private final Cluster cluster;
    private final PlatformApi first;
    private final PlatformApi second;
    private RecordingDownstream downstream;

    RealTimeIT(Cluster cluster) {
        this.cluster = cluster;
        this.first = cluster.platform();
        this.second = cluster.secondNode();
    }

    @BeforeEach
    void open() {
        downstream = cluster.downstream(SYSTEM);
        Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
    }

    @AfterEach
    void close() {
        downstream.close();
    }

    private static Answer send(PlatformApi node, Map<String, Object> event, String prefer) {
        return node.send(
                "POST",
                "/api/v1/triggers",
                Map.of("Content-Type", "application/cloudevents+json", "Prefer", prefer),
                Http.JSON.writeValueAsBytes(event));
    }

    private void answers(Function<Call, String> body) {
        downstream.answers(call -> {
            downstream.doOnce(call);
            return new Reply(200, "application/json", body.apply(call), Duration.ZERO, () -> {});
        });
    }

    private void putGroup(String key, Map<String, Object> more) {
        var task =
                new HashMap<String, Object>(Map.of("key", "work", "mode", "SYNC", "system", SYSTEM, "path", "/work"));
        task.putAll(more);
        Documents.putGroup(first, key, Documents.defaults("PT10S"), List.of(task));
    }

    @Test
    void aSenderAndItsCopyAreAnsweredOnTheNodesThatTheyAskedWhenAnotherNodeEndsTheRun() throws Exception {
        putGroup("rt-callback", Map.of());
        // Callbacks go to the public address, which is the first node.
        var worked = new CompletableFuture<Call>();
        downstream.answers(call -> {
            downstream.doOnce(call);
            worked.complete(call);
            return Reply.status(202);
        });
        var event = Documents.event(UUID.randomUUID().toString(), "rt-callback.ready", "2026-11-20");

        var asked = CompletableFuture.supplyAsync(() -> send(second, event, "wait=15"));
        var call = worked.get(10, TimeUnit.SECONDS);
        var copies = List.of(
                CompletableFuture.supplyAsync(() -> send(first, event, "wait=15")),
                CompletableFuture.supplyAsync(() -> send(second, event, "wait=15")));
        assertThat(asked).isNotDone();
        downstream.callBack(call, "\"status\": \"COMPLETED\", \"result\": {\"rows\": 3}");

        var answer = asked.get(15, TimeUnit.SECONDS).expect(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=15");
        assertThat(answer.json().path("status").asString()).isEqualTo("ACCEPTED");
        var run = answer.json().path("runs").get(0);
        assertThat(run.path("group").asString()).isEqualTo("rt-callback");
        assertThat(run.path("state").asString()).isEqualTo("COMPLETED");
        assertThat(run.at("/results/work/rows").asInt()).isEqualTo(3);
        assertThat(run.path("error").isNull()).isTrue();
        for (var copy : copies) {
            var copied = copy.get(15, TimeUnit.SECONDS).expect(200).json();
            assertThat(copied.path("status").asString()).isEqualTo("DUPLICATE");
            assertThat(copied.path("runs").get(0)).isEqualTo(run);
        }
        assertThat(downstream.effects()).hasSize(1);
    }

    @Test
    void whatTakesLongerIsLookedUpByWhatTheSenderKnows() {
        putGroup("rt-late", Map.of());
        var release = new CompletableFuture<Void>();
        downstream.answers(call -> {
            downstream.doOnce(call);
            return Reply.status(202)
                    .then(() -> release.thenRun(() ->
                            downstream.callBack(call, "\"status\": \"COMPLETED\", \"result\": {\"balance\": 12}")));
        });
        var id = UUID.randomUUID().toString();

        var answer = send(second, Documents.event(id, "rt-late.ready", "customer-7"), "wait=1")
                .expect(202);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=1");
        assertThat(answer.json().at("/runs/0/state").asString()).isEqualTo("RUNNING");
        release.complete(null);

        var ended = await().atMost(Duration.ofSeconds(10))
                .until(
                        () -> byCorrelation(id),
                        message -> message.at("/runs/0/state").asString("").equals("COMPLETED"));
        assertThat(ended.path("triggerId")).isEqualTo(answer.json().path("triggerId"));
        assertThat(ended.path("status").asString()).isEqualTo("ACCEPTED");
        assertThat(ended.at("/runs/0/results/work/balance").asInt()).isEqualTo(12);
        assertThat(first.get("/api/v1/triggers/" + ended.path("triggerId").asString())
                        .expect(200)
                        .json()
                        .path("runs"))
                .isEqualTo(ended.path("runs"));
    }

    private JsonNode byCorrelation(String id) {
        return first.get("/api/v1/triggers?source=" + Documents.SOURCE + "&id=" + id)
                .expect(200)
                .json()
                .path("items")
                .get(0);
    }

    @Test
    void aFailureIsAnAnswerToo() {
        putGroup("rt-failing", Map.of());
        answers(call -> "{\"status\": \"FAILED\", \"retryable\": false, \"message\": \"no such customer\"}");

        var run = send(
                        second,
                        Documents.event(UUID.randomUUID().toString(), "rt-failing.ready", "customer-8"),
                        "wait=15")
                .expect(200)
                .json()
                .path("runs")
                .get(0);

        assertThat(run.path("state").asString()).isEqualTo("FAILED");
        assertThat(run.path("error").asString()).contains("work", "REPORTED_FAILED", "no such customer");
    }

    @Test
    void aTaskSpeaksAsItsDownstreamDoes() {
        putGroup(
                "rt-mapped",
                Map.of(
                        "parameters",
                        Map.of("dataset", "plans"),
                        "request",
                        "{\"day\": $substring(businessKey, 8), \"expected\": trigger.data.rows * 2}",
                        "reply",
                        "{\"status\": state = 'done' ? 'COMPLETED' : 'RUNNING', \"result\": {\"written\": counts.rows}}"));
        answers(call -> "{\"state\": \"done\", \"counts\": {\"rows\": 6}}");

        var run = send(first, Documents.event(UUID.randomUUID().toString(), "rt-mapped.ready", "2026-11-20"), "wait=15")
                .expect(200)
                .json()
                .path("runs")
                .get(0);

        assertThat(run.path("state").asString()).isEqualTo("COMPLETED");
        assertThat(run.at("/results/work/written").asInt()).isEqualTo(6);
        var parameters = downstream.calls().get(0).body().path("parameters");
        assertThat(parameters)
                .isEqualTo(Http.JSON.readTree("{\"dataset\": \"plans\", \"day\": \"20\", \"expected\": 6}"));
    }

    @Test
    void aMappingThatFailsMakesNoCallAndLosesNothing() {
        putGroup("rt-unmapped", Map.of("request", "{\"amount\": $number(businessKey)}"));
        answers(call -> "{\"status\": \"COMPLETED\"}");

        var runId = send(
                        first,
                        Documents.event(UUID.randomUUID().toString(), "rt-unmapped.ready", "no number"),
                        "wait=1")
                .expect(202)
                .json()
                .at("/runs/0/runId")
                .asString();

        var run = first.run(runId);
        assertThat(run.path("state").asString()).isEqualTo("RUNNING");
        assertThat(run.at("/taskRuns/0/calls/0/outcome").asString()).isEqualTo("UNKNOWN");
        assertThat(run.at("/taskRuns/0/calls/0/detail").asString()).contains("request mapping failed");
        assertThat(downstream.calls()).isEmpty();
    }
}
