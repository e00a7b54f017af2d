package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What callers still see of a run when its time is over. */
@ExtendWith(Cluster.Shared.class)
class RetentionIT {

    private static final String KEY = "retention";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final PlatformApi first;
    private final PlatformApi second;

    RetentionIT(Cluster cluster) {
        this.cluster = cluster;
        first = cluster.platform();
        second = cluster.secondNode();
    }

    @Test
    void ofARunWhoseTimeIsOverItsSummaryIsLeftAndWhatCameOfItGoesOn() throws Exception {
        try (var downstream = cluster.downstream(KEY)) {
            downstream.answers(call -> Reply.completed());
            Documents.putSystem(first, KEY, 8, List.of(downstream.url()));
            Documents.putSingleTaskGroup(first, KEY, KEY, Documents.defaults("PT1S"));
            var event = Documents.event("old", KEY + ".ready", "old");
            var sent = first.trigger(event).expect(202).json();
            var trigger = sent.path("triggerId").asString();
            var old = completed(sent.at("/runs/0/runId").asString());
            var young = completed(start("young"));
            var again = completed(rerun(old));

            makeOld(old, trigger);
            purgeNow();
            await("the run is purged")
                    .atMost(SOON)
                    .until(() -> second.run(old).path("purged").asBoolean(false));

            for (var node : List.of(first, second)) {
                isASummary(node.run(old), trigger);
                assertThat(runsOf(node)).containsExactlyInAnyOrder(young, again);
                assertThat(node.get("/api/v1/triggers/" + trigger).status()).isEqualTo(404);
                assertThat(node.get("/api/v1/triggers?source=" + Documents.SOURCE + "&id=old")
                                .expect(200)
                                .json()
                                .path("items"))
                        .isEmpty();
                for (var action : List.of("rerun", "cancel")) {
                    assertThat(node.post("/api/v1/runs/" + old + "/actions/" + action, Map.of("reason", "to try it"))
                                    .status())
                            .isEqualTo(404);
                }
            }
            assertThat(first.run(again).path("rerunOf").asString()).isEqualTo(old);
            assertThat(first.run(again).path("purged").isMissingNode()).isTrue();

            var onceMore = completed(rerun(again));
            assertThat(callFor(downstream, onceMore)
                            .body()
                            .at("/trigger/data/date")
                            .asString())
                    .as("what the message said is still known to the runs that came of it")
                    .isEqualTo("old");
            var afresh = second.trigger(event).expect(202).json();
            assertThat(afresh.path("status").asString()).isEqualTo("ACCEPTED");
            completed(afresh.at("/runs/0/runId").asString());
            theAuditStandsAndTellsOf(old);
        }
    }

    private String start(String key) {
        return first.trigger(Documents.event(key, KEY + ".ready", key))
                .expect(202)
                .json()
                .at("/runs/0/runId")
                .asString();
    }

    private String rerun(String run) {
        return first.post("/api/v1/runs/" + run + "/actions/rerun", Map.of("reason", "once more"))
                .expect(200)
                .json()
                .at("/newRun/runId")
                .asString();
    }

    private String completed(String run) {
        assertThat(Waiting.forEnd(first, run, SOON).path("state").asString()).isEqualTo("COMPLETED");
        return run;
    }

    private static void isASummary(JsonNode run, String trigger) {
        assertThat(run.path("group").asString()).isEqualTo(KEY);
        assertThat(run.path("businessKey").asString()).isEqualTo("old");
        assertThat(run.path("triggerId").asString()).isEqualTo(trigger);
        assertThat(run.path("state").asString()).isEqualTo("COMPLETED");
        assertThat(run.at("/tasks/total").asInt()).isEqualTo(1);
        assertThat(run.at("/tasks/completed").asInt()).isEqualTo(1);
        assertThat(run.path("taskRuns")).isEmpty();
        assertThat(run.path("allowedActions")).isEmpty();
        for (var time : List.of("createdAt", "startedAt", "endedAt", "purgedAt")) {
            assertThat(run.path(time).isString()).as(time).isTrue();
        }
    }

    private static List<String> runsOf(PlatformApi node) {
        var runs = new ArrayList<String>();
        node.get("/api/v1/runs?group=" + KEY)
                .expect(200)
                .json()
                .path("items")
                .values()
                .forEach(run -> runs.add(run.path("runId").asString()));
        return runs;
    }

    private static Call callFor(RecordingDownstream downstream, String run) {
        return downstream.calls().stream()
                .filter(call -> call.body().path("runId").asString().equals(run))
                .findFirst()
                .orElseThrow();
    }

    private void theAuditStandsAndTellsOf(String run) {
        await("all of the audit is sealed").atMost(SOON).until(() -> unsealed() == 0);
        var verdict = first.get("/api/v1/audit/verify").expect(200).json();
        assertThat(verdict.path("verified").asBoolean()).as(verdict.toString()).isTrue();
        assertThat(verdict.path("complete").asBoolean()).isTrue();
        assertThat(first.get("/api/v1/audit?object=run:" + run)
                        .expect(200)
                        .json()
                        .path("items")
                        .values())
                .extracting(entry -> entry.path("action").asString())
                .containsExactly("rerun");
    }

    /** No setting makes a year shorter than a test. */
    private void makeOld(String run, String trigger) throws SQLException {
        try (var connection = cluster.database()) {
            assertThat(update(connection, """
                            update run set created_at = created_at - interval '400 days',
                                   started_at = started_at - interval '400 days', ended_at = ended_at - interval '400 days'
                             where run_id = ?""", run)).isEqualTo(1);
            update(connection, "update journal set moved_at = moved_at - interval '400 days' where run_id = ?", run);
            assertThat(update(
                            connection,
                            "update trigger_message set received_at = received_at - interval '400 days'"
                                    + " where trigger_id = ?",
                            trigger))
                    .isEqualTo(1);
        }
    }

    /** The tick that removes what is over comes every ten minutes: lets the next one come now. */
    private void purgeNow() throws SQLException {
        try (var connection = cluster.database()) {
            assertThat(update(
                            connection,
                            "update qrtz_triggers set next_fire_time = (extract(epoch from clock_timestamp()) * 1000)::bigint"
                                    + " where trigger_name = ? and trigger_group = 'ticks'",
                            "purge"))
                    .isEqualTo(1);
        }
    }

    private static int update(Connection connection, String statement, String key) throws SQLException {
        try (var update = connection.prepareStatement(statement)) {
            update.setString(1, key);
            return update.executeUpdate();
        }
    }

    private long unsealed() throws SQLException {
        try (var connection = cluster.database();
                var rows = connection.createStatement().executeQuery("select count(*) from audit_unsealed")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
