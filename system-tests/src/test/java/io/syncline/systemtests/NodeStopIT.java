package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a node does between SIGTERM and its end while it is at work. */
@ExtendWith(Cluster.Shared.class)
class NodeStopIT {

    private static final String KEY = "node-stop";
    private static final int RUNS = 12;
    private static final int AT_ONCE = 6;
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(2);

    private final Cluster cluster;
    private final PlatformApi platform;
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final CountDownLatch allMay = new CountDownLatch(1);

    NodeStopIT(Cluster cluster) {
        this.cluster = cluster;
        platform = cluster.platform();
    }

    @Test
    void aStoppingNodeIsNotReadyEndsItsCallsAndBeginsNoMoreAndTheOtherTakesTheRest() throws Exception {
        var stopping = cluster.second();
        try (var downstream = cluster.downstream(KEY)) {
            downstream.answers(this::completedWhenItMay);
            Documents.putSystem(platform, KEY, AT_ONCE, List.of(downstream.url()));
            Documents.putSingleTaskGroup(
                    platform, KEY, KEY, Map.of("interval", "PT30S", "callTimeout", CALL_TIMEOUT.toString()));
            await("each keeps to its share").atMost(SOON).until(this::nodesAgree);
            var runs = start();
            await("both nodes call as many as they may")
                    .atMost(SOON)
                    .until(() -> downstream.calls().size() == AT_ONCE
                            && calledBy("node-2").size() == AT_ONCE / 2);
            var held = calledBy("node-2");

            try {
                stopping.terminate();
                await("it says that it is not ready")
                        .atMost(SOON)
                        .until(() -> health(stopping.url(), "readiness").status() == 503);
                assertThat(health(stopping.url(), "liveness").status()).isEqualTo(200);
                assertThat(health(cluster.first().url(), "readiness").status()).isEqualTo(200);
                var one = held.get(0);
                assertThat(callBack(stopping.url(), callOf(downstream, one))
                                .json()
                                .path("applied")
                                .asBoolean())
                        .as("callbacks are taken until the end")
                        .isTrue();
                release(one);
                await("what it was told while it stops is written")
                        .atMost(SOON)
                        .until(() -> stateOf(one).equals("COMPLETED"));
                var other = calledBy("node-1").get(0);
                release(other);
                await("the other node goes on")
                        .atMost(SOON)
                        .until(() -> stateOf(other).equals("COMPLETED")
                                && downstream.calls().size() > AT_ONCE);
                assertThat(stopping.isAlive()).as("it waits for its calls").isTrue();
                releaseAll();
                await("it ends by itself").atMost(SOON).until(() -> !stopping.isAlive());
                assertThat(texts("select node_id from node where stopped_at is not null"))
                        .as("it has signed off")
                        .contains(stopping.name());
                for (var run : runs) {
                    assertThat(Waiting.forEnd(platform, run, SOON).path("state").asString())
                            .isEqualTo("COMPLETED");
                }
            } finally {
                releaseAll();
                if (stopping.isAlive()) {
                    cluster.kill(stopping);
                }
                cluster.startAgain(stopping);
            }

            assertThat(downstream.calls())
                    .extracting(Call::taskRunId)
                    .as("each is called once")
                    .hasSize(RUNS)
                    .doesNotHaveDuplicates();
            assertThat(texts(
                            "select task_run_id from call where node_id = 'node-2' and outcome = 'REPORT' and applied = 1"
                                    + " and run_id in (select run_id from run where group_key = '" + KEY + "')"))
                    .as("what it called is recorded, and it called no more")
                    .containsExactlyInAnyOrderElementsOf(held);
        }
    }

    private boolean nodesAgree() {
        return platform.get("/api/v1/cluster").expect(200).json().path("nodes").values().stream()
                .allMatch(node -> node.path("appliedCount").asInt() == 2);
    }

    private Reply completedWhenItMay(Call call) {
        var gate = gates.computeIfAbsent(call.taskRunId(), any -> new CountDownLatch(1));
        if (allMay.getCount() > 0) {
            pass(gate);
        }
        return Reply.completed();
    }

    private static void pass(CountDownLatch gate) {
        try {
            gate.await(CALL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void release(String taskRun) {
        gates.get(taskRun).countDown();
    }

    private void releaseAll() {
        allMay.countDown();
        gates.values().forEach(CountDownLatch::countDown);
    }

    private List<String> start() {
        var events = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < RUNS; i++) {
            events.add(Documents.event(KEY + "-" + i, KEY + ".ready", "key-" + i));
        }
        return platform.startAll(events);
    }

    private static Answer health(String node, String group) {
        return new Http(node).send("GET", "/actuator/health/" + group, Map.of(), new byte[0], Duration.ofSeconds(5));
    }

    private static Call callOf(RecordingDownstream downstream, String taskRun) {
        return downstream.calls(taskRun).get(0);
    }

    /** A report of progress, sent to this node whatever address the call named. */
    private static Answer callBack(String node, Call call) {
        var callback = call.body().path("callback");
        return new Http(node)
                .send(
                        "POST",
                        URI.create(callback.path("url").asString()).getPath(),
                        Map.of(
                                "Authorization",
                                "Bearer " + callback.path("token").asString(),
                                "Content-Type",
                                "application/json"),
                        """
                        {"callbackId": "while-it-stops", "attempt": 1, "status": "RUNNING"}""".getBytes(StandardCharsets.UTF_8),
                        Duration.ofSeconds(5))
                .expect(200);
    }

    /** The task runs that this node is calling now. */
    private List<String> calledBy(String node) throws SQLException {
        return texts(
                "select task_run_id from task_run where lease_node = '" + node + "' and group_key = '" + KEY + "'");
    }

    private String stateOf(String taskRun) throws SQLException {
        return texts("select state from task_run where task_run_id = '" + taskRun + "'")
                .get(0);
    }

    private List<String> texts(String query) throws SQLException {
        try (var connection = cluster.database();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
