package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.PlatformApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One node on its embedded database, from the executable jar, with a downstream of the test's own. */
class OneNodeIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SYSTEM = "recording";

    @TempDir
    private static Path home;

    private static Stack stack;
    private static PlatformApi platform;
    private static RecordingDownstream downstream;

    @BeforeAll
    static void start() {
        stack = Stack.onH2(home);
        Stack.ready(stack.startNode());
        platform = stack.platform();
        downstream = new RecordingDownstream(SYSTEM);
        downstream.trust(stack.platformUrl());
        Documents.putSystem(platform, SYSTEM, 8, List.of(downstream.url()));
    }

    @AfterAll
    static void stop() throws IOException {
        downstream.close();
        stack.close();
    }

    @Test
    void aMessageSentThreeTimesEvenReorderedStartsOneRun() {
        Documents.putSingleTaskGroup(platform, "thrice", SYSTEM, Documents.defaults("PT0.5S"));
        downstream.answers(call -> Reply.completed());
        var event = Documents.event("thrice-1", "thrice.ready", "2026-11-20");

        var first = platform.trigger(event).expect(202);
        var second = platform.trigger(event).expect(200);
        var third = send("""
                {"data": {"rows": 3.0, "date": "2026-11-20"}, "subject": "2026-11-20", "type": "thrice.ready",
                 "id": "thrice-1", "source": "/system-tests", "specversion": "1.0"}""");

        assertThat(first.json().path("status").asString()).isEqualTo("ACCEPTED");
        assertThat(first.header("Location"))
                .isEqualTo("/api/v1/triggers/" + first.json().path("triggerId").asString());
        for (var again : List.of(second, third.expect(200))) {
            assertThat(again.json().path("status").asString()).isEqualTo("DUPLICATE");
            assertThat(again.json().path("triggerId")).isEqualTo(first.json().path("triggerId"));
            assertThat(runId(again)).isEqualTo(runId(first));
        }
        Waiting.forEnd(platform, runId(first), SOON);
        assertThat(platform.get("/api/v1/runs?group=thrice").json().path("items"))
                .hasSize(1);
        assertThat(downstream.calls())
                .filteredOn(call -> call.body().path("group").asString("").equals("thrice"))
                .extracting(RecordingDownstream.Call::key)
                .hasSize(1);
    }

    @Test
    void theSameIdWithOtherContentIsRefusedAndKeptAndTheFirstStands() {
        Documents.putSingleTaskGroup(platform, "reused", SYSTEM, Documents.defaults("PT0.5S"));
        downstream.answers(call -> Reply.completed());
        platform.trigger(Documents.event("reused-1", "reused.ready", "2026-11-20"))
                .expect(202);

        var other = platform.trigger(Documents.event("reused-1", "reused.ready", "2026-11-21"));

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().path("type").asString()).endsWith("/trigger-id-reused");
        var copies = platform.get("/api/v1/triggers?source=/system-tests&id=reused-1")
                .expect(200)
                .json();
        assertThat(statuses(copies)).containsExactlyInAnyOrder("CONFLICT", "ACCEPTED");
        assertThat(platform.get("/api/v1/runs?group=reused").json().path("items"))
                .hasSize(1);
    }

    @Test
    void fiveServerErrorsThenAcceptanceThenACallbackAreOneEffectAndEveryCallIsSeen() {
        Documents.putSingleTaskGroup(platform, "stubborn", SYSTEM, Documents.defaults("PT10S"));
        downstream.answers(call -> {
            if (downstream.calls(call.taskRunId()).size() <= 5) {
                return Reply.status(500);
            }
            downstream.doOnce(call);
            return Reply.status(202)
                    .then(() -> downstream.callBack(call, "\"status\": \"COMPLETED\", \"sequence\": 1"));
        });

        var run = start("stubborn", "2026-11-20");

        assertThat(run.path("state").asString()).isEqualTo("COMPLETED");
        var task = run.path("taskRuns").get(0);
        var outcomes = new ArrayList<String>();
        task.path("calls")
                .forEach(call -> outcomes.add(call.path("status").asString() + " "
                        + call.path("outcome").asString()));
        assertThat(outcomes)
                .containsExactly(
                        "500 RETRYABLE_STATUS",
                        "500 RETRYABLE_STATUS",
                        "500 RETRYABLE_STATUS",
                        "500 RETRYABLE_STATUS",
                        "500 RETRYABLE_STATUS",
                        "202 ACCEPTED");
        assertThat(task.path("callbacks")).hasSize(1);
        assertThat(task.path("callbacks").get(0).path("applied").asBoolean()).isTrue();
        var taskRunId = task.path("taskRunId").asString();
        assertThat(downstream.calls(taskRunId))
                .extracting(RecordingDownstream.Call::key)
                .containsOnly(taskRunId + ".1");
        assertThat(downstream.effects().get(taskRunId + ".1")).hasValue(1);
    }

    @Test
    void anHtmlPageIsNeverSuccess() {
        Documents.putSingleTaskGroup(platform, "webpage", SYSTEM, Documents.defaults("PT0.5S"));
        downstream.answers(call -> Reply.html());
        var accepted = platform.trigger(Documents.event("webpage-1", "webpage.ready", "2026-11-20"))
                .expect(202);

        await().atMost(SOON).untilAsserted(() -> {
            var calls = platform.run(runId(accepted)).path("taskRuns").get(0).path("calls");
            assertThat(calls.size()).isGreaterThanOrEqualTo(3);
            calls.forEach(call -> assertThat(call.path("outcome").asString()).isEqualTo("UNREADABLE_REPLY"));
        });

        assertThat(platform.run(runId(accepted)).path("state").asString()).isEqualTo("RUNNING");
        var cancelled =
                platform.post("/api/v1/runs/" + runId(accepted) + "/actions/cancel", Map.of("reason", "seen enough"));
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(platform.run(runId(accepted)).path("state").asString()).isEqualTo("CANCELLED");
    }

    @Test
    void tasksBehindABarrierWaitForAllBeforeItAndTheRunSaysSo() {
        Documents.putGroup(
                platform,
                "barrier",
                Documents.defaults("PT10S"),
                List.of(
                        Map.of("key", "left", "mode", "ASYNC", "system", SYSTEM, "path", "/left"),
                        Map.of("key", "right", "mode", "ASYNC", "system", SYSTEM, "path", "/right"),
                        Map.of("key", "last", "mode", "SYNC", "system", SYSTEM, "path", "/last")));
        downstream.answers(call -> call.path().equals("/right") ? Reply.status(202) : Reply.completed());
        var accepted = platform.trigger(Documents.event("barrier-1", "barrier.ready", "2026-11-20"))
                .expect(202);
        await().atMost(SOON).until(() -> called("/right") && called("/left"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(task(platform.run(runId(accepted)), "left")
                                .path("state")
                                .asString())
                        .isEqualTo("COMPLETED"));

        var waiting = task(platform.run(runId(accepted)), "last");
        assertThat(waiting.path("state").asString()).isEqualTo("WAITING");
        assertThat(waiting.path("waitsFor").asString()).contains("right");
        assertThat(called("/last")).isFalse();

        var right = downstream.calls().stream()
                .filter(call -> call.path().equals("/right"))
                .findFirst()
                .orElseThrow();
        downstream.callBack(right, "\"status\": \"COMPLETED\"");

        assertThat(Waiting.forEnd(platform, runId(accepted), SOON).path("state").asString())
                .isEqualTo("COMPLETED");
        assertThat(called("/last")).isTrue();
    }

    @Test
    void everyCallCarriesATokenThatTheDownstreamCanVerify() {
        Documents.putSingleTaskGroup(platform, "tokens", SYSTEM, Documents.defaults("PT0.5S"));
        downstream.answers(call -> Reply.completed());

        start("tokens", "2026-11-20");

        assertThat(downstream.calls()).isNotEmpty();
        assertThat(downstream.tokenFaults()).isEmpty();
    }

    private static JsonNode start(String group, String subject) {
        var accepted = platform.trigger(Documents.event(group + "-" + subject, group + ".ready", subject))
                .expect(202);
        return Waiting.forEnd(platform, runId(accepted), SOON);
    }

    private static Answer send(String text) {
        return platform.send(
                "POST",
                "/api/v1/triggers",
                Map.of("Content-Type", "application/cloudevents+json"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean called(String path) {
        return downstream.calls().stream().anyMatch(call -> call.path().equals(path));
    }

    private static JsonNode task(JsonNode run, String key) {
        for (var task : run.path("taskRuns")) {
            if (task.path("task").asString("").equals(key)) {
                return task;
            }
        }
        throw new AssertionError("no task " + key + " in " + run);
    }

    private static String runId(Answer answer) {
        return answer.json().path("runs").get(0).path("runId").asString();
    }

    private static List<String> statuses(JsonNode copies) {
        var items = copies.has("items") ? copies.path("items") : copies;
        var statuses = new ArrayList<String>();
        items.forEach(item -> statuses.add(item.path("status").asString()));
        return statuses;
    }
}
