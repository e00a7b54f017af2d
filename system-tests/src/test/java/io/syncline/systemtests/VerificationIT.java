package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Verify after publish: a message starts its runs when its source, asked with the source's own credentials, knows of it. */
@ExtendWith(Cluster.Shared.class)
class VerificationIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String SYSTEM = "verified-downstream";
    private static final String SOURCE = "verified-source";

    private final Cluster cluster;
    private final PlatformApi first;
    private final PlatformApi second;
    private RecordingDownstream downstream;
    private VerifiedSource source;

    VerificationIT(Cluster cluster) {
        this.cluster = cluster;
        this.first = cluster.platform();
        this.second = cluster.secondNode();
    }

    @BeforeEach
    void open() {
        downstream = cluster.downstream(SYSTEM);
        downstream.answers(call -> Reply.completed());
        Documents.putSystem(first, SYSTEM, 8, List.of(downstream.url()));
        source = new VerifiedSource();
        source.putSystem(first, SOURCE);
    }

    @AfterEach
    void close() {
        downstream.close();
        source.close();
    }

    private void putGroup(String key, Map<String, Object> times) {
        VerifiedSource.putGroup(first, key, SOURCE, SYSTEM, times);
    }

    private JsonNode message(String triggerId) {
        return first.get("/api/v1/triggers/" + triggerId).expect(200).json();
    }

    private JsonNode messageWith(String triggerId, String status) {
        return await().atMost(SOON)
                .until(
                        () -> message(triggerId),
                        message -> message.path("status").asString("").equals(status));
    }

    private static String verifying(PlatformApi node, Map<String, Object> event) {
        var answer = node.trigger(event).expect(202);
        assertThat(answer.json().path("status").asString()).isEqualTo("VERIFYING");
        assertThat(answer.json().path("runs")).isEmpty();
        return answer.json().path("triggerId").asString();
    }

    private void runsOnce(JsonNode message, String group) {
        assertThat(message.path("runs")).hasSize(1);
        var runId = message.at("/runs/0/runId").asString();
        assertThat(Waiting.forEnd(first, runId, SOON).path("state").asString()).isEqualTo("COMPLETED");
        assertThat(first.get("/api/v1/runs?group=" + group).json().path("items"))
                .hasSize(1);
    }

    @Test
    void runsStartOnceTheSourceHasTheRecordAndNotBefore() {
        putGroup("verify-late", Map.of("after", "PT0.3S", "giveUpAfter", "PT1M"));
        var event = Documents.event("night 20/11", "verify-late.ready", "2026-11-20");

        var triggerId = verifying(second, event);
        var waiting = await().atMost(SOON)
                .until(
                        () -> message(triggerId),
                        message -> message.at("/verification/lastOutcome")
                                .asString("")
                                .contains("no record yet"));
        var copy = first.trigger(event).expect(200).json();
        source.answers(200);
        var accepted = messageWith(triggerId, "ACCEPTED");

        assertThat(waiting.path("status").asString()).isEqualTo("VERIFYING");
        assertThat(waiting.path("runs")).isEmpty();
        assertThat(waiting.at("/verification/looks/0/system").asString()).isEqualTo(SOURCE);
        assertThat(copy.path("status").asString()).isEqualTo("DUPLICATE");
        assertThat(copy.path("messageStatus").asString()).isEqualTo("VERIFYING");
        assertThat(copy.path("triggerId").asString()).isEqualTo(triggerId);
        runsOnce(accepted, "verify-late");
        assertThat(accepted.has("verification")).isFalse();
        assertThat(source.asked()).isNotEmpty().containsOnly("/extracts/night%2020%2F11?day=2026-11-20");
        assertThat(source.strangers()).isZero();
        assertThat(downstream.calls()).hasSize(1);
    }

    @Test
    void whatTheSourceDoesNotKnowInTimeIsDiscardedWithItsReasonAndCanBeSentAgain() {
        putGroup("verify-never", Map.of("after", "PT0.2S", "giveUpAfter", "PT1S"));
        var event = Documents.event("never", "verify-never.ready", "2026-11-20");

        var triggerId = verifying(second, event);
        var discarded = messageWith(triggerId, "DISCARDED");

        assertThat(discarded.path("runs")).isEmpty();
        assertThat(discarded.at("/problem/type").asString()).endsWith("/trigger-not-confirmed");
        assertThat(discarded.at("/problem/detail").asString())
                .contains(SOURCE, "/extracts/never?day=2026-11-20", "found no record until");
        assertThat(first.get("/api/v1/triggers?status=DISCARDED&type=verify-never.ready")
                        .json()
                        .path("items"))
                .extracting(message -> message.path("triggerId").asString())
                .containsExactly(triggerId);
        assertThat(downstream.calls()).isEmpty();

        source.answers(200);
        var again = verifying(first, event);

        assertThat(again).isNotEqualTo(triggerId);
        runsOnce(messageWith(again, "ACCEPTED"), "verify-never");
    }

    @Test
    void aSourceThatIsDownDecidesNothingUntilItIsBack() {
        putGroup("verify-down", Map.of("after", "PT0.2S", "giveUpAfter", "PT1S"));
        source.close();

        var triggerId = verifying(first, Documents.event("down", "verify-down.ready", "2026-11-20"));
        // The second failure comes a second after the first: by then the message would be given up, had it been
        // unknown.
        var waiting = await().atMost(SOON)
                .until(
                        () -> message(triggerId),
                        message -> message.at("/verification/failures").asInt() >= 2);
        assertThat(waiting.path("status").asString()).isEqualTo("VERIFYING");
        assertThat(waiting.at("/verification/lastOutcome").asString()).contains("got no answer");
        source.answers(200);
        source.open();

        runsOnce(messageWith(triggerId, "ACCEPTED"), "verify-down");
    }
}
