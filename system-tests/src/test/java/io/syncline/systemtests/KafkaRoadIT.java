package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Records that two nodes take from one topic: none is lost, whatever lies between them and whatever they have to wait for. */
@ExtendWith(Cluster.Shared.class)
class KafkaRoadIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SYSTEM = "kafka-road";

    private final Cluster cluster;
    private final PlatformApi first;
    private final PlatformApi second;
    private RecordingDownstream downstream;
    private Topic topic;

    KafkaRoadIT(Cluster cluster) {
        this.cluster = cluster;
        this.first = cluster.platform();
        this.second = cluster.secondNode();
    }

    @BeforeEach
    void open() {
        downstream = cluster.downstream(SYSTEM);
        downstream.answers(call -> Reply.completed());
        Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
        topic = new Topic(cluster);
    }

    @AfterEach
    void close() {
        topic.close();
        downstream.close();
    }

    private static Map<String, Object> event(String group, String id) {
        return Documents.event(id, group + ".ready", id);
    }

    /** Binary mode, without its id when that is null. */
    private static Map<String, String> binary(String group, String id) {
        var headers = new HashMap<>(Map.of(
                "ce_specversion",
                "1.0",
                "ce_source",
                Documents.SOURCE,
                "ce_type",
                group + ".ready",
                "ce_subject",
                String.valueOf(id),
                "content-type",
                "application/json"));
        if (id != null) {
            headers.put("ce_id", id);
        }
        return headers;
    }

    private void awaitRuns(String group, int count) {
        await().atMost(SOON).until(() -> completed(group) == count);
        assertThat(first.get("/api/v1/runs?group=" + group).json().path("items"))
                .hasSize(count);
    }

    private int completed(String group) {
        return first.get("/api/v1/runs?limit=200&state=COMPLETED&group=" + group)
                .expect(200)
                .json()
                .path("items")
                .size();
    }

    private JsonNode parked(int partition, long offset) {
        var kept = first.get("/api/v1/triggers?status=REJECTED&source=/syncline/kafka/" + Cluster.TOPIC + "/"
                        + partition + "&id=" + offset)
                .expect(200)
                .json()
                .path("items");
        assertThat(kept).hasSize(1);
        return kept.get(0);
    }

    @Test
    void whatIsNoEventIsParkedBetweenTwoThatRunAndRunsOnceItIsCorrected() {
        Documents.putSingleTaskGroup(first, SYSTEM, SYSTEM, Documents.defaults("PT0.5S"));

        topic.sendStructured(0, event(SYSTEM, "good-1"));
        var cut = topic.send(0, Map.of("content-type", Topic.STRUCTURED), "{\"specversion\": \"1.0\", \"id\": \"cut");
        topic.send(0, binary(SYSTEM, "good-2"), "{\"rows\": 2}");
        var nameless = topic.send(0, binary(SYSTEM, null), "{\"rows\": 7}");
        var last = topic.sendStructured(0, event(SYSTEM, "good-3"));

        awaitRuns(SYSTEM, 3);
        await().atMost(SOON).until(() -> topic.committed(0) == last + 1);
        var cutMessage = parked(0, cut);
        var namelessMessage = parked(0, nameless);
        assertThat(cutMessage.path("type").asString()).isEqualTo("io.syncline.kafka.unreadable");
        assertThat(cutMessage.path("transport").asString()).isEqualTo("KAFKA");
        assertThat(cutMessage.at("/problem/detail").asString()).isNotBlank();
        assertThat(cutMessage.path("runs")).isEmpty();
        assertThat(namelessMessage.path("problem").toString()).contains("ce_id");

        var corrected = resubmit(
                first,
                cutMessage,
                Map.of(
                        "reason",
                        "cut off by the sender",
                        "attributes",
                        Map.of(
                                "id",
                                "good-4",
                                "source",
                                Documents.SOURCE,
                                "type",
                                SYSTEM + ".ready",
                                "subject",
                                "good-4"),
                        "data",
                        Map.of("rows", 4)));
        var named = resubmit(
                second,
                namelessMessage,
                Map.of("reason", "sent without its id", "attributes", Map.of("id", "good-5", "subject", "good-5")));

        awaitRuns(SYSTEM, 5);
        assertThat(downstream.calls())
                .extracting(
                        call -> call.body().path("businessKey").asString(),
                        call -> call.body().at("/trigger/data/rows").asInt())
                .containsExactlyInAnyOrder(
                        tuple("good-1", 3),
                        tuple("good-2", 2),
                        tuple("good-3", 3),
                        tuple("good-4", 4),
                        tuple("good-5", 7));
        assertThat(parked(0, cut).at("/resubmittedAs/0/triggerId")).isEqualTo(corrected.path("triggerId"));
        assertThat(parked(0, nameless).at("/resubmittedAs/0/triggerId")).isEqualTo(named.path("triggerId"));
    }

    private static JsonNode resubmit(PlatformApi node, JsonNode message, Map<String, Object> correction) {
        return node.post("/api/v1/triggers/" + message.path("triggerId").asString() + "/resubmit", correction)
                .expect(202)
                .json();
    }

    @Test
    void aFullQueueHoldsItsPartitionUpUntilThereIsRoomAndNoOther() {
        putBoundedGroup("kafka-full");
        Documents.putSingleTaskGroup(first, "kafka-other", SYSTEM, Documents.defaults("PT0.5S"));
        var working = new CopyOnWriteArrayList<Call>();
        downstream.answers(call -> {
            if (!call.body().path("group").asString().equals("kafka-full")) {
                return Reply.completed();
            }
            working.add(call);
            return Reply.status(202);
        });
        var sent = List.of("full-1", "full-2", "full-3", "full-4", "full-5");
        var before = refusedAsFull();

        var offsets = new ArrayList<Long>();
        sent.forEach(id -> {
            var event = event("kafka-full", id);
            event.put("subject", "one-key");
            offsets.add(topic.sendStructured(0, event));
        });
        await().atMost(SOON).until(() -> refusedAsFull() > before);
        topic.sendStructured(1, event("kafka-other", "other-1"));
        awaitRuns("kafka-other", 1);

        // One runs and one waits; the third is neither kept nor passed over.
        await().atMost(SOON).until(() -> topic.committed(0) == offsets.get(2));
        assertThat(messages("kafka-full")).containsExactly("full-2", "full-1");
        for (int done = 0; done < sent.size(); done++) {
            var next = done;
            await().atMost(SOON).until(() -> working.size() > next);
            downstream.callBack(working.get(next), "\"status\": \"COMPLETED\"");
        }

        awaitRuns("kafka-full", sent.size());
        assertThat(working)
                .extracting(call -> call.body().at("/trigger/id").asString())
                .containsExactlyElementsOf(sent);
        assertThat(first.get("/api/v1/triggers?type=kafka-full.ready").json().path("items"))
                .hasSize(sent.size())
                .allMatch(message -> message.path("status").asString().equals("ACCEPTED"));
        await().atMost(SOON).until(() -> topic.committed(0) == offsets.get(4) + 1);
    }

    /** Of runs with one business key one is active, one waits, and there is no room for a third. */
    private void putBoundedGroup(String key) {
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
                        List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready")),
                        "maxQueued",
                        1,
                        "defaults",
                        Documents.defaults("PT1H"),
                        "tasks",
                        List.of(Map.of("key", "work", "mode", "ASYNC", "system", SYSTEM, "path", "/work"))));
    }

    private List<String> messages(String group) {
        return first.get("/api/v1/triggers?type=" + group + ".ready")
                .json()
                .path("items")
                .valueStream()
                .map(message -> message.path("id").asString())
                .toList();
    }

    /** Records of Kafka that found a queue full, at both nodes. */
    private double refusedAsFull() {
        return List.of(first, second).stream()
                .flatMap(node ->
                        node.get("/actuator/prometheus").expect(200).text().lines())
                .filter(line -> line.startsWith("syncline_triggers_received_total{")
                        && line.contains("outcome=\"queue-full\"")
                        && line.contains("transport=\"KAFKA\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
