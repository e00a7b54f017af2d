package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What those who operate the platform see of it: meters, health, logs and traces, over both nodes. */
@ExtendWith(Cluster.Shared.class)
class ObservabilityIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SYSTEM = "observed";
    private static final String GROUP = "observed-daily";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String UPSTREAM = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private static Cluster cluster;
    private static RecordingDownstream downstream;

    /** The run that all tests look at: its first call fails, the second is accepted, a callback to the other node ends it. */
    private static JsonNode run;

    @BeforeAll
    static void aRunFromATriggerAtOneNodeToACallbackAtTheOther(Cluster shared) {
        cluster = shared;
        downstream = cluster.downstream(SYSTEM);
        Documents.putSystem(cluster.platform(), SYSTEM, 8, List.of(downstream.url()));
        Documents.putSingleTaskGroup(cluster.platform(), GROUP, SYSTEM, Documents.defaults("PT10S"));
        downstream.answers(call ->
                call.round() == 1 ? Reply.status(503) : Reply.status(202).then(() -> callBackAtTheOtherNode(call)));

        var accepted = cluster.platform()
                .send(
                        "POST",
                        "/api/v1/triggers",
                        Map.of("Content-Type", "application/cloudevents+json", "traceparent", UPSTREAM),
                        Http.JSON.writeValueAsBytes(Documents.event("observed-1", GROUP + ".ready", "2026-11-20")))
                .expect(202);
        var runId = accepted.json().path("runs").get(0).path("runId").asString();
        Waiting.forEnd(cluster.platform(), runId, SOON);
        run = cluster.platform().run(runId);
    }

    private static void callBackAtTheOtherNode(RecordingDownstream.Call call) {
        new Http(cluster.second().url())
                .send(
                        "POST",
                        "/api/v1/task-runs/" + call.taskRunId() + "/callbacks",
                        Map.of(
                                "Authorization",
                                "Bearer "
                                        + call.body()
                                                .path("callback")
                                                .path("token")
                                                .asString(),
                                "Content-Type",
                                "application/json",
                                "traceparent",
                                call.traceparent()),
                        """
                        {"callbackId": "observed", "attempt": 1, "status": "COMPLETED"}""".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(10))
                .expect(200);
    }

    @AfterAll
    static void stop() {
        downstream.close();
    }

    @Test
    void metersMoveWithARunWhicheverNodeWorked() {
        var group = "group=\"" + GROUP + "\"";
        await().atMost(SOON).untilAsserted(() -> {
            var both = scrape();
            assertThat(MeterCatalogue.sum(both, "syncline_runs_total", group, "state=\"COMPLETED\""))
                    .isEqualTo(1);
            assertThat(MeterCatalogue.sum(both, "syncline_run_duration_seconds_count", group))
                    .isEqualTo(1);
            assertThat(MeterCatalogue.sum(
                            both, "syncline_task_attempts_total", group, "task=\"work\"", "outcome=\"COMPLETED\""))
                    .isEqualTo(1);
            assertThat(MeterCatalogue.sum(
                            both,
                            "syncline_callbacks_total",
                            "system=\"" + SYSTEM + "\"",
                            "status=\"COMPLETED\"",
                            "applied=\"true\""))
                    .isEqualTo(1);
            assertThat(MeterCatalogue.sum(
                            both,
                            "syncline_downstream_request_duration_seconds_count",
                            "system=\"" + SYSTEM + "\"",
                            "outcome=\"5xx\""))
                    .isEqualTo(1);
            assertThat(MeterCatalogue.sum(both, "syncline_last_success_timestamp_seconds", group))
                    .isGreaterThan(0);
        });
    }

    @Test
    void theCatalogueAndTheNodesNameTheSameMetersWithTheSameLabels() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(scrape()).contains("syncline_node_last_checkin_timestamp_seconds"));

        assertThat(MeterCatalogue.differences(MeterCatalogue.Service.PLATFORM, scrape()))
                .isEmpty();
    }

    @Test
    void probesAskForWhatARestartMendsAndDependenciesStandApart() {
        for (var node : List.of(cluster.first(), cluster.second())) {
            var http = new Http(node.url());
            assertThat(health(http, "liveness").path("status").asString()).isEqualTo("UP");
            var readiness = health(http, "readiness");
            assertThat(readiness.path("status").asString()).isEqualTo("UP");
            assertThat(names(readiness)).containsExactlyInAnyOrder("readinessState", "db", "schema");
            assertThat(names(health(http, "dependencies")))
                    .contains("downstreams", "issuers")
                    .doesNotContain("db", "readinessState");
        }
    }

    @Test
    void aLineAboutACallNamesRunTaskAttemptGroupSystemAndTrace() throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (var node : List.of(cluster.first(), cluster.second())) {
            lines.addAll(jsonLines(node.log()));
        }

        assertThat(lines)
                .filteredOn(line -> runId().equals(line.path("run").asString("")))
                .anySatisfy(line -> {
                    assertThat(line.path("message").asString())
                            .contains("failed in round 1")
                            .contains("503");
                    assertThat(line.path("task").asString()).isEqualTo("work");
                    assertThat(line.path("attempt").asString()).isEqualTo("1");
                    assertThat(line.path("taskRun").asString()).isEqualTo(taskRunId());
                    assertThat(line.path("group").asString()).isEqualTo(GROUP);
                    assertThat(line.path("system").asString()).isEqualTo(SYSTEM);
                    assertThat(line.path("traceId").asString()).isEqualTo(TRACE);
                });
    }

    @Test
    void oneTraceGoesFromUpstreamThroughTriggerCallAndCallbackOverBothNodes() {
        await().atMost(SOON).untilAsserted(() -> {
            var spans = cluster.spans().ofTrace(TRACE);
            var trigger = spans.stream()
                    .filter(span -> span.name().equals("POST /api/v1/triggers"))
                    .findFirst()
                    .orElseThrow();
            assertThat(trigger.parentId()).isEqualTo("00f067aa0ba902b7");
            assertThat(trigger.service()).contains("node-1");
            var calls = spans.stream()
                    .filter(span -> span.name().equals("call " + SYSTEM))
                    .toList();
            assertThat(calls).hasSize(2).allSatisfy(call -> {
                assertThat(call.parentId()).isEqualTo(trigger.spanId());
                assertThat(call.kind()).isEqualTo(3);
                assertThat(call.links()).containsExactly(TRACE);
            });
            assertThat(downstream.calls(taskRunId()))
                    .extracting(RecordingDownstream.Call::traceparent)
                    .containsExactlyInAnyOrderElementsOf(calls.stream()
                            .map(call -> "00-" + TRACE + "-" + call.spanId() + "-01")
                            .toList());
            assertThat(spans)
                    .filteredOn(span -> span.name().endsWith("/callbacks"))
                    .singleElement()
                    .satisfies(callback -> {
                        assertThat(callback.service()).contains("node-2");
                        assertThat(calls).extracting(SpanCollector.Span::spanId).contains(callback.parentId());
                    });
        });
    }

    private static String runId() {
        return run.path("runId").asString();
    }

    private static String taskRunId() {
        return run.path("taskRuns").get(0).path("taskRunId").asString();
    }

    private static String scrape() {
        return cluster.platform().get("/actuator/prometheus").expect(200).text() + "\n"
                + cluster.secondNode().get("/actuator/prometheus").expect(200).text();
    }

    private static JsonNode health(Http http, String group) {
        return http.send("GET", "/actuator/health/" + group, Map.of(), new byte[0], Duration.ofSeconds(10))
                .json();
    }

    private static List<String> names(JsonNode health) {
        return health.path("components").propertyStream().map(Map.Entry::getKey).toList();
    }

    private static List<JsonNode> jsonLines(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .filter(line -> line.startsWith("{"))
                .map(line -> (JsonNode) Http.JSON.readTree(line))
                .toList();
    }
}
