package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work that is late in each way, and reports that come late or say something else, with both nodes looking. */
@ExtendWith(Cluster.Shared.class)
class LateWorkIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final PlatformApi first;
    private final PlatformApi second;
    private RecordingDownstream downstream;

    LateWorkIT(Cluster cluster) {
        this.cluster = cluster;
        first = cluster.platform();
        second = cluster.secondNode();
    }

    @AfterEach
    void stop() {
        downstream.close();
    }

    /** A group and a system of the same key: what nodes remember of the system of another test leads nowhere any more. */
    private void putGroup(String key, Map<String, Object> limits) {
        downstream = cluster.downstream(key);
        Documents.putSystem(first, key, 8, List.of(downstream.url()));
        first.put(
                "/api/v1/groups/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        key,
                        "startBy",
                        "PT1S",
                        "freshness",
                        "PT2S",
                        "triggers",
                        List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready")),
                        "defaults",
                        limits,
                        "tasks",
                        List.of(Map.of("key", "work", "system", key, "path", "/work"))));
    }

    private static String start(PlatformApi node, String group, String id) {
        return node.trigger(Documents.event(group + id, group + ".ready", "day"))
                .expect(202)
                .json()
                .path("runs")
                .get(0)
                .path("runId")
                .asString();
    }

    private String taskRun(String run) {
        return first.run(run).path("taskRuns").get(0).path("taskRunId").asString();
    }

    private void says(String taskRun, String report) {
        downstream.callBack(downstream.calls(taskRun).get(0), report);
    }

    @Test
    void silentOverdueAndLateToStartAreToldOnceAndCloseByThemselvesAndAContradictionStays() {
        putGroup(
                "late-silent",
                Map.of("interval", "PT60S", "silentAfter", "PT1S", "overdueAfter", "PT2S", "timeout", "PT5M"));
        downstream.answers(call -> Reply.status(202));
        var run = start(first, "late-silent", "-1");
        var waiting = start(second, "late-silent", "-2");
        var work = taskRun(run);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(alarms("SILENT", "task-run:" + work)).containsExactly("STANDS");
            assertThat(alarms("OVERDUE", "task-run:" + work)).containsExactly("STANDS");
            assertThat(alarms("START_LATE", "run:" + waiting)).containsExactly("STANDS");
            assertThat(alarms("FRESHNESS", "group:late-silent")).containsExactly("STANDS");
        });
        assertThat(second.get("/api/v1/runs?overdue=true&group=late-silent")
                        .expect(200)
                        .text())
                .contains(run);

        says(work, "\"status\": \"COMPLETED\"");

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(alarms("SILENT", "task-run:" + work)).containsExactly("CURED");
            assertThat(alarms("OVERDUE", "task-run:" + work)).containsExactly("CURED");
            assertThat(alarms("START_LATE", "run:" + waiting)).containsExactly("CURED");
        });
        says(work, "\"status\": \"FAILED\", \"message\": \"the disk was full\"");
        says(work, "\"status\": \"FAILED\", \"message\": \"the disk was full\"");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(alarms("CONFLICT", "task-run:" + work)).containsExactly("STANDS"));
        await().atMost(SOON).until(() -> downstream.callbackAnswers().size() == 3);
        assertThat(second.run(run).path("state").asString()).isEqualTo("COMPLETED");
        assertThat(second.run(run).path("taskRuns").get(0).toString()).contains("CONFLICT");

        await().atMost(SOON).until(() -> !downstream.calls(taskRun(waiting)).isEmpty());
        says(taskRun(waiting), "\"status\": \"COMPLETED\"");
        assertThat(Waiting.forEnd(second, waiting, SOON).path("state").asString())
                .isEqualTo("COMPLETED");
        assertThat(alarms("CONFLICT", "task-run:" + work)).containsExactly("STANDS");
    }

    @Test
    void whatIsNotAnsweredIsToldTimesOutAndIsCompletedByItsLateReport() {
        putGroup(
                "late-mute",
                Map.of("answerWithin", "PT1S", "overdueAfter", "PT2S", "timeout", "PT4S", "interval", "PT1S"));
        downstream.answers(call -> Reply.status(503));
        var run = start(second, "late-mute", "-1");
        var work = taskRun(run);

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(alarms("NO_ANSWER", "task-run:" + work)).isNotEmpty());
        assertThat(Waiting.forEnd(first, run, SOON).path("state").asString()).isEqualTo("FAILED");
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(alarms("TIMED_OUT", "task-run:" + work)).containsExactly("STANDS");
            assertThat(alarms("NO_ANSWER", "task-run:" + work)).containsExactly("CURED");
        });
        says(work, "\"status\": \"COMPLETED\", \"result\": {\"rows\": 7}");
        await().atMost(SOON)
                .until(() -> second.get("/api/v1/task-runs/" + work)
                        .expect(200)
                        .json()
                        .path("allowedActions")
                        .toString()
                        .contains("accept-late"));
        assertThat(first.run(run).path("state").asString()).isEqualTo("FAILED");

        second.post("/api/v1/task-runs/" + work + "/actions/accept-late", Map.of("reason", "it has come after all"))
                .expect(200);

        assertThat(Waiting.forEnd(first, run, SOON).path("state").asString()).isEqualTo("COMPLETED");
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(alarms("TIMED_OUT", "task-run:" + work)).containsExactly("CURED"));
    }

    /** One word for each time that the condition of the subject was told. */
    private List<String> alarms(String condition, String subject) {
        try (var connection = cluster.database();
                var query = connection.prepareStatement(
                        "select case when cured_at is null then 'STANDS' else 'CURED' end from incident_member"
                                + " where condition_name = ? and subject = ? order by member_id")) {
            query.setString(1, condition);
            query.setString(2, subject);
            var found = new ArrayList<String>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
