package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A message that was rejected for its data, corrected by an operator at either node. */
@ExtendWith(Cluster.Shared.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResubmitIT {

    private static final String SYSTEM = "resubmit-downstream";
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String OPERATOR = "resubmit-operator";
    private static final Map<String, Object> WRONG = Map.of("date", "2026-11-20", "rows", "three");
    private static final Map<String, Object> RIGHT = Map.of("date", "2026-11-20", "rows", 3);

    private final PlatformApi first;
    private final PlatformApi operator;
    private final PlatformApi operatorAtSecond;
    private final Cluster cluster;

    ResubmitIT(Cluster cluster) {
        this.cluster = cluster;
        first = cluster.platform();
        var secret = first.createClient(OPERATOR, null, List.of("runs:operate", "runs:read", "payload:read"));
        operator = new PlatformApi(cluster.publicUrl(), OPERATOR, secret);
        operatorAtSecond = operator.at(cluster.second().url());
    }

    private static Map<String, Object> correction(Object data) {
        return Map.of("reason", "the extract counts by words", "data", data);
    }

    private static Answer resubmit(PlatformApi node, String triggerId, String key, Map<String, Object> body) {
        return node.send(
                "POST",
                "/api/v1/triggers/" + triggerId + "/resubmit",
                Map.of("Content-Type", "application/json", "Idempotency-Key", "\"" + key + "\""),
                Http.JSON.writeValueAsBytes(body));
    }

    private JsonNode refused(String group, String id) {
        var event = Documents.event(id, group + ".ready", id);
        event.put("data", WRONG);
        return first.trigger(event).expect(422).json();
    }

    private JsonNode message(String triggerId) {
        return operator.get("/api/v1/triggers/" + triggerId).expect(200).json();
    }

    private List<JsonNode> audited(String triggerId) {
        return first.get("/api/v1/audit?action=resubmit&object=trigger:" + triggerId)
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    private void putGroupWithSchema(String key) {
        var schema = Map.of(
                "type",
                "object",
                "required",
                List.of("date", "rows"),
                "properties",
                Map.of("rows", Map.of("type", "integer")));
        first.put(
                "/api/v1/groups/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        key,
                        "triggers",
                        List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready", "dataSchema", schema)),
                        "tasks",
                        List.of(Map.of("key", "work", "mode", "ASYNC", "system", SYSTEM, "path", "/work"))));
    }

    @Test
    void aRejectedMessageIsTriedOutRefusedAgainAndThenRunsOnceCorrected() {
        try (var downstream = cluster.downstream(SYSTEM)) {
            downstream.answers(call -> Reply.completed());
            Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
            putGroupWithSchema("resubmit");

            var refused = refused("resubmit", "resubmit-1");
            var rejected = refused.path("triggerId").asString();

            assertThat(refused.path("type").asString()).endsWith("/trigger-data-invalid");
            assertThat(refused.at("/errors/0/pointer").asString()).isEqualTo("/data/rows");
            assertThat(message(rejected).path("status").asString()).isEqualTo("REJECTED");
            assertThat(message(rejected).at("/problem/errors/0/pointer").asString())
                    .isEqualTo("/data/rows");

            var tried = operatorAtSecond
                    .post("/api/v1/triggers/" + rejected + "/resubmit?dryRun=true", correction(RIGHT))
                    .expect(200)
                    .json();

            assertThat(tried.path("dryRun").asBoolean()).isTrue();
            assertThat(tried.path("status").asString()).isEqualTo("ACCEPTED");
            assertThat(tried.at("/runs/0/group").asString()).isEqualTo("resubmit");
            assertThat(tried.at("/runs/0").has("runId")).isFalse();
            assertThat(message(rejected).has("resubmittedAs")).isFalse();
            assertThat(runs("resubmit")).isEmpty();
            assertThat(audited(rejected)).isEmpty();

            var stillWrong = resubmit(operatorAtSecond, rejected, "still-wrong", correction(WRONG))
                    .expect(422)
                    .json()
                    .path("triggerId")
                    .asString();
            var answer =
                    resubmit(operator, rejected, "corrected", correction(RIGHT)).expect(202);
            var repeated = resubmit(operatorAtSecond, rejected, "corrected", correction(RIGHT));
            var reused = resubmit(operatorAtSecond, rejected, "corrected", correction(Map.of("date", "d", "rows", 4)));

            var accepted = answer.json().path("triggerId").asString();
            assertThat(repeated.status()).isEqualTo(202);
            assertThat(repeated.json()).isEqualTo(answer.json());
            assertThat(repeated.header("Location")).endsWith("/api/v1/triggers/" + accepted);
            assertThat(reused.expect(422).json().path("type").asString()).endsWith("/idempotency-key-reused");
            var runId = answer.json().at("/runs/0/runId").asString();
            assertThat(Waiting.forEnd(first, runId, SOON).path("state").asString())
                    .isEqualTo("COMPLETED");
            assertThat(runs("resubmit")).hasSize(1);
            assertThat(downstream.calls()).hasSize(1);
            assertThat(downstream.calls().get(0).body().at("/trigger/data/rows").asInt())
                    .isEqualTo(3);

            assertThat(message(rejected).path("status").asString()).isEqualTo("REJECTED");
            assertThat(message(rejected).path("resubmittedAs"))
                    .extracting(copy -> copy.path("triggerId").asString() + " "
                            + copy.path("status").asString())
                    .containsExactly(stillWrong + " REJECTED", accepted + " ACCEPTED");
            for (var copy : List.of(stillWrong, accepted)) {
                assertThat(message(copy).path("resubmitOf").asString()).isEqualTo(rejected);
                assertThat(message(copy).path("source").asString()).isEqualTo(Documents.SOURCE);
                assertThat(message(copy).path("id").asString()).isEqualTo("resubmit-1");
            }
            assertThat(audited(rejected)).hasSize(2).allSatisfy(entry -> {
                assertThat(entry.path("actor").asString()).isEqualTo(OPERATOR);
                assertThat(entry.path("reason").asString()).isEqualTo("the extract counts by words");
            });
            assertThat(audited(rejected).get(0).path("details").asString()).contains("Accepted", accepted);

            var late = resubmit(operator, rejected, "too-late", correction(RIGHT))
                    .expect(409)
                    .json();
            assertThat(late.path("detail").asString()).contains(accepted);
            await("the wrong correction holds no incident open either")
                    .atMost(SOON)
                    .until(this::noIncidentIsOpen);
        }
    }

    @Test
    void oneOfTwoCorrectionsAtOnceIsTaken() {
        try (var downstream = cluster.downstream(SYSTEM)) {
            downstream.answers(call -> Reply.completed());
            Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
            putGroupWithSchema("resubmit-race");
            for (int round = 0; round < 5; round++) {
                var rejected = refused("resubmit-race", "race-" + round)
                        .path("triggerId")
                        .asString();

                var atFirst = CompletableFuture.supplyAsync(
                        () -> resubmit(operator, rejected, "from-first", correction(RIGHT)));
                var atSecond = CompletableFuture.supplyAsync(
                        () -> resubmit(operatorAtSecond, rejected, "from-second", correction(RIGHT)));

                assertThat(List.of(atFirst.join().status(), atSecond.join().status()))
                        .containsExactlyInAnyOrder(202, 409);
            }

            await().atMost(SOON).until(() -> downstream.calls().size() == 5);
            assertThat(runs("resubmit-race")).hasSize(5);
        }
    }

    private boolean noIncidentIsOpen() {
        var incidents = first.get("/api/v1/alerts?condition=REJECTED_TRIGGER&group=resubmit&state=OPEN&state=CLOSED")
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .toList();
        return !incidents.isEmpty()
                && incidents.stream()
                        .allMatch(incident -> incident.path("state").asString().equals("CLOSED"));
    }

    private JsonNode runs(String group) {
        return operator.get("/api/v1/runs?group=" + group).expect(200).json().path("items");
    }
}
