package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A node dies with messages that it took but has not decided, and in the middle of its share of the topic. */
@ExtendWith(Cluster.Shared.class)
class KilledNodeIT {

    private static final Duration SOON = Duration.ofSeconds(45);
    private static final String SYSTEM = "killed-downstream";
    private static final String SOURCE = "killed-source";
    private static final String RECORDS = "killed-records";
    private static final String VERIFIED = "killed-verified";
    private static final int BEFORE = 60;
    private static final int AFTER = 20;

    private final Cluster cluster;
    private final PlatformApi first;

    KilledNodeIT(Cluster cluster) {
        this.cluster = cluster;
        this.first = cluster.platform();
    }

    @Test
    void theOtherNodeVerifiesWhatItTookAndTakesTheRestOfItsRecordsEachOnce() {
        try (var downstream = cluster.downstream(SYSTEM);
                var source = new VerifiedSource();
                var topic = new Topic(cluster)) {
            downstream.answers(call -> Reply.completed());
            Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
            Documents.putSingleTaskGroup(first, RECORDS, SYSTEM, Documents.defaults("PT0.5S"));
            source.putSystem(first, SOURCE);
            VerifiedSource.putGroup(first, VERIFIED, SOURCE, SYSTEM, Map.of("after", "PT0.5S", "giveUpAfter", "PT2M"));
            await("each node reads a partition").atMost(SOON).until(() -> topic.readers() == 2);
            var taken = verifying(cluster.secondNode());
            try {
                IntStream.range(0, BEFORE).forEach(number -> send(topic, number));
                await("some records were taken")
                        .atMost(SOON)
                        .until(() -> messages().size() > BEFORE / 4);

                cluster.kill(cluster.second());
                source.answers(200);
                IntStream.range(BEFORE, BEFORE + AFTER).forEach(number -> send(topic, number));

                await("the message that the dead node took is verified")
                        .atMost(SOON)
                        .until(() -> message(taken).path("status").asString().equals("ACCEPTED"));
                await("every record has run").atMost(SOON).until(() -> runs(RECORDS, "COMPLETED") == BEFORE + AFTER);
                await("the message has run").atMost(SOON).until(() -> runs(VERIFIED, "COMPLETED") == 1);
                assertThat(message(taken).path("runs")).hasSize(1);
            } finally {
                cluster.startAgain(cluster.second());
            }
            await("each node reads a partition again").atMost(SOON).until(() -> topic.readers() == 2);

            assertThat(messages())
                    .as("no record is kept twice, and none as anything else than taken")
                    .hasSize(BEFORE + AFTER)
                    .allMatch(message -> message.path("status").asString().equals("ACCEPTED"));
            assertThat(first.get("/api/v1/runs?limit=200&group=" + RECORDS)
                            .json()
                            .path("items"))
                    .hasSize(BEFORE + AFTER);
            assertThat(first.get("/api/v1/runs?group=" + VERIFIED).json().path("items"))
                    .hasSize(1);
            assertThat(cluster.secondNode()
                            .run(message(taken).at("/runs/0/runId").asString())
                            .path("state")
                            .asString())
                    .isEqualTo("COMPLETED");
        }
    }

    private static void send(Topic topic, int number) {
        var event = Documents.event(RECORDS + number, RECORDS + ".ready", "record-" + number);
        topic.sendStructured(number % 2, event);
    }

    private static String verifying(PlatformApi node) {
        var answer = node.trigger(Documents.event("killed", VERIFIED + ".ready", "2026-11-20"))
                .expect(202)
                .json();
        assertThat(answer.path("status").asString()).isEqualTo("VERIFYING");
        return answer.path("triggerId").asString();
    }

    private JsonNode message(String triggerId) {
        return first.get("/api/v1/triggers/" + triggerId).expect(200).json();
    }

    private List<JsonNode> messages() {
        return first.get("/api/v1/triggers?limit=200&type=" + RECORDS + ".ready")
                .expect(200)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    private int runs(String group, String state) {
        return first.get("/api/v1/runs?limit=200&group=" + group + "&state=" + state)
                .expect(200)
                .json()
                .path("items")
                .size();
    }
}
