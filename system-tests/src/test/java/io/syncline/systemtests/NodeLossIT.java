package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.ServiceProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What is left when a node dies: the other one tells of it and carries its bulk job to the end. */
@ExtendWith(Cluster.Shared.class)
class NodeLossIT {

    private static final String GROUP = "node-loss";
    private static final int RUNS = 60;
    private static final int DONE_BEFORE = 30;
    private static final Duration SOON = Duration.ofSeconds(15);

    /** Without a heartbeat for so long a node is lost; that is looked for every 3 s and an incident within 5 s. */
    private static final Duration LIVE = Duration.ofSeconds(12);

    private static final Duration INCIDENT_WITHIN = LIVE.plusSeconds(3 + 5);

    /** The lease of a bulk job, and until the other node looks. */
    private static final Duration JOB_GOES_ON_WITHIN = Duration.ofSeconds(30 + 2);

    private final Cluster cluster;

    NodeLossIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void aNodeThatDiesAmidABulkJobIsToldOfAndTheOtherCarriesTheJobToItsEnd() throws Exception {
        var runs = heldRuns(cluster.platform());
        String job;
        ServiceProcess dead;
        PlatformApi survivor;
        try (var holder = cluster.database()) {
            holdSlot(holder, DONE_BEFORE);
            job = orderToCancelAll(cluster.secondNode());
            await("the job has come to the run that is held")
                    .atMost(SOON)
                    .until(() -> counts(cluster.platform(), job).path("done").asInt() == DONE_BEFORE);
            dead = text("select lease_node from bulk_job where job_id = '" + job + "'")
                            .equals("node-2")
                    ? cluster.second()
                    : cluster.first();
            survivor = cluster.at(dead == cluster.second() ? cluster.first() : cluster.second());
            cluster.kill(dead);
            holder.rollback();
        }
        String alert;
        try {
            alert = incidentOf(survivor, dead).path("alertId").asString();
            await("the other node carries the job to its end")
                    .atMost(JOB_GOES_ON_WITHIN.plus(SOON))
                    .until(() -> job(survivor, job).path("state").asString().equals("COMPLETED"));
        } finally {
            cluster.startAgain(dead);
        }

        eachWasCancelledOnce(survivor, job, runs);
        await("it is told that the node is back")
                .atMost(SOON)
                .untilAsserted(() -> assertThat(cluster.told().messagesOf(alert))
                        .extracting(message -> message.path("type").asString())
                        .containsExactly("io.syncline.alert.trigger", "io.syncline.alert.resolve"));
        assertThat(survivor.get("/api/v1/alerts/" + alert).json().path("state").asString())
                .isEqualTo("CLOSED");
    }

    /** Runs of a paused group, in the order in which they came. */
    private static List<String> heldRuns(PlatformApi platform) {
        Documents.putSystem(platform, GROUP, 1, List.of("http://127.0.0.1:1"));
        Documents.putSingleTaskGroup(platform, GROUP, GROUP, Documents.defaults("PT1S"));
        platform.post("/api/v1/groups/" + GROUP + "/pause", Map.of("reason", "nothing is to be called"))
                .expect(200);
        var events = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < RUNS; i++) {
            events.add(Documents.event(GROUP + "-" + i, GROUP + ".ready", key(i)));
        }
        var runs = platform.startAll(events);
        assertThat(runs).hasSize(RUNS).doesNotHaveDuplicates();
        return runs;
    }

    private static String key(int number) {
        return "key-" + number;
    }

    /** Keeps the job from the run of this number for as long as the connection is not rolled back. */
    private static void holdSlot(Connection holder, int number) throws SQLException {
        holder.setAutoCommit(false);
        try (var lock =
                holder.prepareStatement("select 1 from run_slot where group_key = ? and ordering_key = ? for update")) {
            lock.setString(1, GROUP);
            lock.setString(2, key(number));
            try (var row = lock.executeQuery()) {
                assertThat(row.next()).isTrue();
            }
        }
    }

    private static String orderToCancelAll(PlatformApi node) {
        return node.post(
                        "/api/v1/bulk",
                        Map.of("action", "cancel", "reason", "to end them all", "filter", Map.of("group", GROUP)))
                .expect(202)
                .json()
                .path("bulkId")
                .asString();
    }

    /** The incident of the loss, once a message of it has come. */
    private JsonNode incidentOf(PlatformApi survivor, ServiceProcess dead) throws SQLException {
        var lastHeardOf = Instant.parse(text("select to_char(checked_in_at at time zone 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from node where node_id = '" + dead.name() + "'"));
        var incident = await("the other node opens an incident")
                .atMost(INCIDENT_WITHIN.plus(SOON))
                .until(() -> openIncidentOf(survivor, dead), Optional::isPresent)
                .orElseThrow();
        assertThat(Duration.between(
                        lastHeardOf, Instant.parse(incident.path("openedAt").asString())))
                .isBetween(LIVE, INCIDENT_WITHIN);
        var alert = incident.path("alertId").asString();
        await("it is told over the platform's channel")
                .atMost(SOON)
                .until(() -> !cluster.told().messagesOf(alert).isEmpty());
        var message = cluster.told().messagesOf(alert).get(0);
        assertThat(message.at("/data/condition").asString()).isEqualTo("NODE_LOST");
        assertThat(message.at("/data/severity").asString()).isEqualTo("critical");
        assertThat(message.at("/data/items/0/detail").asString()).startsWith("The node " + dead.name() + " was last");
        assertThat(survivor.get("/api/v1/cluster")
                        .expect(200)
                        .json()
                        .path("nodes")
                        .values())
                .filteredOn(node -> node.path("nodeId").asString().equals(dead.name()))
                .singleElement()
                .satisfies(node -> {
                    assertThat(node.path("live").asBoolean()).isFalse();
                    assertThat(node.path("stoppedAt").isString()).isFalse();
                });
        return incident;
    }

    private static Optional<JsonNode> openIncidentOf(PlatformApi survivor, ServiceProcess dead) {
        return survivor
                .get("/api/v1/alerts?condition=NODE_LOST&state=OPEN")
                .expect(200)
                .json()
                .path("items")
                .values()
                .stream()
                .map(item -> survivor.get(
                                "/api/v1/alerts/" + item.path("alertId").asString())
                        .expect(200)
                        .json())
                .filter(alert -> alert.path("members").values().stream()
                        .anyMatch(member -> member.path("subject").asString().equals("node:" + dead.name())))
                .findFirst();
    }

    private void eachWasCancelledOnce(PlatformApi survivor, String job, List<String> runs) throws SQLException {
        var counts = counts(survivor, job);
        assertThat(counts.path("matched").asInt()).isEqualTo(RUNS);
        assertThat(counts.path("done").asInt()).isEqualTo(RUNS);
        for (var not : List.of("pending", "skipped", "failed")) {
            assertThat(counts.path(not).asInt()).as(not).isZero();
        }
        assertThat(texts("select run_id from run where group_key = '" + GROUP + "' and state = 'CANCELLED'"))
                .containsExactlyInAnyOrderElementsOf(runs);
        assertThat(texts("select j.run_id from journal j join run r on r.run_id = j.run_id where r.group_key = '"
                        + GROUP + "' and j.task_run_id is null and j.to_state = 'CANCELLED'"))
                .as("each moved once")
                .containsExactlyInAnyOrderElementsOf(runs);
        assertThat(texts("select object_key from audit_entry where object_kind = 'run' and action = 'cancel'"
                        + " and reason = 'to end them all'"))
                .as("each audited once")
                .containsExactlyInAnyOrderElementsOf(runs);
    }

    private static JsonNode job(PlatformApi node, String job) {
        return node.get("/api/v1/bulk/" + job).expect(200).json();
    }

    private static JsonNode counts(PlatformApi node, String job) {
        return job(node, job).path("counts");
    }

    private String text(String query) throws SQLException {
        return texts(query).get(0);
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
