package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What operators do to runs, asked of either of two nodes over PostgreSQL. */
@ExtendWith(Cluster.Shared.class)
class RunActionsIT {

    private static final String GROUP = "actions";
    private static final String SYSTEM = "actions-downstream";
    private static final Duration SOON = Duration.ofSeconds(15);

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private PlatformApi first;
    private PlatformApi second;
    private RecordingDownstream downstream;

    @BeforeEach
    void aGroupOfTwoTasks(Cluster cluster) {
        first = cluster.platform();
        second = cluster.secondNode();
        downstream = cluster.downstream(SYSTEM);
        Documents.putSystem(first, SYSTEM, 16, List.of(downstream.url()));
        Documents.putGroup(
                first,
                GROUP,
                Documents.defaults("PT1H"),
                List.of(
                        Map.of(
                                "key",
                                "copy",
                                "mode",
                                "ASYNC",
                                "system",
                                SYSTEM,
                                "path",
                                "/copy",
                                "cancelPath",
                                "/stop"),
                        Map.of("key", "publish", "mode", "SYNC", "system", SYSTEM, "path", "/publish")));
        downstream.answers(this::answer);
    }

    @AfterEach
    void closeDownstream() {
        downstream.close();
    }

    private Reply answer(Call call) {
        var key = call.body().path("businessKey").asString();
        if (call.path().equals("/stop")) {
            return Reply.status(204);
        }
        if (failing.contains(key)) {
            return new Reply(
                    200,
                    "application/json",
                    "{\"status\": \"FAILED\", \"retryable\": false, \"message\": \"disk full\"}",
                    Duration.ZERO,
                    () -> {});
        }
        return working.contains(key) ? Reply.status(202) : Reply.completed();
    }

    private String start(String key) {
        return first.trigger(Documents.event("actions-" + key, GROUP + ".ready", key))
                .expect(202)
                .json()
                .path("runs")
                .path(0)
                .path("runId")
                .asString();
    }

    private String failed(String key) {
        failing.add(key);
        var run = start(key);
        assertThat(Waiting.forEnd(first, run, SOON).path("state").asString()).isEqualTo("FAILED");
        failing.remove(key);
        return run;
    }

    private String copyOf(String run) {
        return first.run(run).path("taskRuns").path(0).path("taskRunId").asString();
    }

    private JsonNode act(String target, String action) {
        return second.post("/api/v1/" + target + "/actions/" + action, Map.of("reason", "to repair it"))
                .expect(200)
                .json();
    }

    private void completes(String run) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() ->
                        assertThat(first.run(run).path("state").asString()).isEqualTo("COMPLETED"));
    }

    @Test
    void aFailedRunIsRepairedInEachWay() {
        var ways = List.of("retry", "rerun-failed", "skip", "mark-done", "accept-late", "rerun");
        ways.forEach(way -> failing.add("way-" + way));
        var runs = ways.stream().map(way -> start("way-" + way)).toList();
        runs.forEach(
                run -> assertThat(Waiting.forEnd(first, run, SOON).path("state").asString())
                        .isEqualTo("FAILED"));
        failing.clear();
        var late = copyOf(runs.get(4));
        downstream.callBack(downstream.calls(late).get(0), "\"status\": \"COMPLETED\", \"result\": {\"late\": true}");
        await().atMost(SOON)
                .until(() -> first.get("/api/v1/task-runs/" + late)
                        .json()
                        .path("allowedActions")
                        .toString()
                        .contains("accept-late"));

        for (int i = 0; i < 5; i++) {
            act(
                    ways.get(i).equals("rerun-failed") ? "runs/" + runs.get(i) : "task-runs/" + copyOf(runs.get(i)),
                    ways.get(i));
        }
        var again =
                act("runs/" + runs.get(5), "rerun").path("newRun").path("runId").asString();

        runs.subList(0, 5).forEach(this::completes);
        completes(again);
        var repaired = runs.stream()
                .map(run -> first.run(run).path("taskRuns").path(0))
                .toList();
        assertThat(repaired)
                .extracting(task -> task.path("state").asString())
                .containsExactly("COMPLETED", "COMPLETED", "SKIPPED", "COMPLETED", "COMPLETED", "FAILED");
        assertThat(repaired).extracting(task -> task.path("attempt").asInt()).containsExactly(2, 2, 1, 1, 1, 1);
        assertThat(repaired.get(3).path("manual").asBoolean()).isTrue();
        assertThat(repaired.get(4).path("result").path("late").asBoolean()).isTrue();
        assertThat(first.run(again).path("rerunOf").asString()).isEqualTo(runs.get(5));
        // The one that stays FAILED is made good by the later success.
        await().atMost(Duration.ofSeconds(20))
                .until(() -> first.run(runs.get(5))
                        .path("resolution")
                        .path("status")
                        .asString("")
                        .equals("SUPERSEDED"));
        assertThat(first.get("/api/v1/runs?unresolved=true&group=" + GROUP + "&businessKey=way-rerun")
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void callNowAsksAtOnceAndACancelIsConfirmedByTheDownstream() {
        working.addAll(Set.of("asked", "stopped"));
        var asked = start("asked");
        var stopped = start("stopped");
        await().atMost(SOON)
                .until(() -> List.of(asked, stopped).stream()
                        .allMatch(run -> first.run(run)
                                .path("taskRuns")
                                .path(0)
                                .path("state")
                                .asString()
                                .equals("RUNNING")));
        working.remove("asked");

        act("task-runs/" + copyOf(asked), "call-now");
        act("runs/" + stopped, "cancel");

        completes(asked);
        await().atMost(SOON)
                .until(() -> first.run(stopped)
                        .path("taskRuns")
                        .path(0)
                        .path("cancel")
                        .asString()
                        .equals("CONFIRMED"));
        assertThat(downstream.calls())
                .filteredOn(call -> call.path().equals("/stop"))
                .extracting(call -> call.body().path("reason").asString())
                .containsExactly("to repair it");
    }

    @Test
    void manyFailuresAreRetriedInOneJob() {
        var keys = new ArrayList<String>();
        for (int i = 0; i < 30; i++) {
            keys.add("many-" + i);
        }
        failing.addAll(keys);
        var runs = keys.stream().map(this::start).toList();
        runs.forEach(run -> Waiting.forEnd(first, run, SOON));
        failing.clear();
        var going = failed("many-one-more");
        act("task-runs/" + copyOf(going), "retry");
        completes(going);
        keys.add("many-one-more");

        var ordered = second.post(
                        "/api/v1/bulk",
                        Map.of(
                                "action",
                                "retry",
                                "reason",
                                "to repair them",
                                "filter",
                                Map.of("group", GROUP, "businessKey", keys)))
                .expect(202);

        await().atMost(SOON)
                .until(() -> first.get(ordered.header("Location"))
                        .json()
                        .path("state")
                        .asString()
                        .equals("COMPLETED"));
        var counts = first.get(ordered.header("Location")).json().path("counts");
        assertThat(counts.path("matched").asInt()).isEqualTo(31);
        assertThat(counts.path("done").asInt()).isEqualTo(30);
        assertThat(counts.path("skipped").asInt()).isEqualTo(1);
        runs.forEach(this::completes);
        assertThat(downstream.tokenFaults()).isEmpty();
    }
}
