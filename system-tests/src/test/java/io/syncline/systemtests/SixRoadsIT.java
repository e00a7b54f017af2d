package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One event may come by every road, to either node, as often as it likes: it starts one run. */
@ExtendWith(Cluster.Shared.class)
class SixRoadsIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String SYSTEM = "six-roads";
    private static final String BATCH = "application/cloudevents-batch+json";

    @Test
    void oneEventStartsOneRunByWhateverRoadItComes(Cluster cluster) {
        try (var downstream = cluster.downstream(SYSTEM);
                var topic = new Topic(cluster)) {
            var first = cluster.platform();
            var second = cluster.secondNode();
            downstream.answers(call -> Reply.completed());
            Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
            Documents.putSingleTaskGroup(first, SYSTEM, SYSTEM, Documents.defaults("PT0.5S"));
            var event = Documents.event("roads", SYSTEM + ".ready", "2026-11-20");
            var json = Http.JSON.writeValueAsString(event);

            topic.send(null, Map.of("content-type", Topic.STRUCTURED), json);
            var roads = List.of(
                    send(first, Topic.STRUCTURED, Map.of(), json),
                    send(second, "application/json", ceHeaders(), "{\"rows\": 3.0, \"date\": \"2026-11-20\"}"),
                    send(first, BATCH, Map.of(), "[" + json + "," + json + "]"),
                    send(second, Topic.STRUCTURED, Map.of(), json));
            topic.send(null, binaryHeaders(), "{\"date\":\"2026-11-20\",\"rows\":3}");
            topic.send(null, Map.of("content-type", Topic.STRUCTURED), "no event " + SYSTEM);
            var next = Documents.event("roads-2", SYSTEM + ".ready", "2026-11-21");
            topic.send(null, Map.of("content-type", Topic.STRUCTURED), Http.JSON.writeValueAsString(next));

            assertThat(roads).extracting(Answer::status).allMatch(status -> status == 200 || status == 202);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(first.get("/api/v1/runs?group=" + SYSTEM + "&state=COMPLETED")
                                    .json()
                                    .path("items"))
                            .hasSize(2));
            assertThat(first.get("/api/v1/runs?group=" + SYSTEM).json().path("items"))
                    .hasSize(2);
            assertThat(downstream.calls())
                    .extracting(call -> call.body().path("businessKey").asString(""))
                    .containsExactlyInAnyOrder("2026-11-20", "2026-11-21");
            var copies = first.get("/api/v1/triggers?source=" + Documents.SOURCE + "&id=roads")
                    .json()
                    .path("items");
            assertThat(copies).hasSize(1);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(
                                    first.get("/api/v1/triggers?status=REJECTED&type=io.syncline.kafka.unreadable")
                                            .json()
                                            .path("items"))
                            .isNotEmpty());
        }
    }

    private static Map<String, String> ceHeaders() {
        return Map.of(
                "ce-specversion", "1.0",
                "ce-id", "roads",
                "ce-source", Documents.SOURCE,
                "ce-type", SYSTEM + ".ready",
                "ce-subject", "2026-11-20");
    }

    private static Map<String, String> binaryHeaders() {
        return Map.of(
                "ce_specversion", "1.0",
                "ce_id", "roads",
                "ce_source", Documents.SOURCE,
                "ce_type", SYSTEM + ".ready",
                "ce_subject", "2026-11-20",
                "content-type", "application/json");
    }

    private static Answer send(PlatformApi node, String contentType, Map<String, String> headers, String body) {
        var all = new java.util.HashMap<>(headers);
        all.put("Content-Type", contentType);
        return node.send("POST", "/api/v1/triggers", all, body.getBytes(StandardCharsets.UTF_8));
    }
}
