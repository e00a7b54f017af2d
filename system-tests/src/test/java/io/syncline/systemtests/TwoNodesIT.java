package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.PlatformApi;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in their own JVMs over one PostgreSQL; one is killed while work is in flight. */
class TwoNodesIT {

    private static final int TRIGGERS = 500;
    private static final int LIMIT = 8;
    private static final Duration HOLD = Duration.ofMillis(350);
    private static final Duration TAKEOVER = Duration.ofSeconds(20);
    private static final String SYSTEM = "recording";
    private static final String GROUP = "many";

    @TempDir
    private Path home;

    @Test
    void aKilledNodeLosesNothingRepeatsNothingAndItsShareOfTheLimitComesBack() throws Exception {
        try (var stack = Stack.onPostgres(home);
                var downstream = new RecordingDownstream(SYSTEM)) {
            Stack.ready(stack.startNode());
            var platform = stack.platform();
            var second = stack.startAnotherNode("node-2");
            downstream.trust(stack.platformUrl());
            Documents.putSystem(platform, SYSTEM, LIMIT, List.of(downstream.url()));
            Documents.putSingleTaskGroup(platform, GROUP, SYSTEM, Documents.defaults("PT5S"));
            // Every other task is completed by its answer, the others by a callback.
            var byCallback = ConcurrentHashMap.<String>newKeySet();
            downstream.answers(call -> {
                downstream.doOnce(call);
                if (call.taskRunId().hashCode() % 2 == 0) {
                    return Reply.completed().heldFor(HOLD);
                }
                byCallback.add(call.key());
                return Reply.status(202)
                        .heldFor(HOLD)
                        .then(() -> downstream.callBack(call, "\"status\": \"COMPLETED\""));
            });
            Stack.ready(second);

            var nodes = List.of(platform, platform.at(second.url()));
            var accepted = new ConcurrentHashMap<String, String>();
            var senders = Executors.newFixedThreadPool(4);
            try {
                for (int i = 0; i < TRIGGERS; i++) {
                    var number = i;
                    senders.execute(() -> accepted.put("many-" + number, sendUntilAccepted(nodes, number)));
                }
                await("the limit is used over both nodes")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> peak(downstream, Instant.EPOCH) >= LIMIT - 1);
                await("work is in full flight")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> downstream.effects().size() >= 80);

                var killedAt = Instant.now();
                second.kill();

                await("the survivor uses the whole limit")
                        .atMost(TAKEOVER)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> peak(downstream, killedAt.plus(HOLD.multipliedBy(2))) == LIMIT);
                await("every trigger was accepted")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> accepted.size() == TRIGGERS);
                var open = new HashMap<>(accepted);
                await("every run has ended")
                        .atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> {
                            open.values()
                                    .removeIf(runId -> platform.run(runId)
                                            .path("state")
                                            .asString("")
                                            .equals("COMPLETED"));
                            return open.isEmpty();
                        });

                assertThat(peak(downstream, Instant.EPOCH)).isEqualTo(LIMIT);
                assertOneCompletedRunPerTrigger(stack, accepted);
                assertThat(downstream.effects()).hasSize(TRIGGERS);
                assertThat(downstream.calls()).extracting(Call::attempt).containsOnly(1);
                assertTakenOverInTime(downstream, killedAt);
                assertThat(downstream.tokenFaults()).isEmpty();
            } finally {
                senders.shutdownNow();
            }
        }
    }

    /** As an upstream's outbox does: the same message again, to the other node, until one has answered. */
    private static String sendUntilAccepted(List<PlatformApi> nodes, int number) {
        var event = Documents.event("many-" + number, GROUP + ".ready", "key-" + number);
        for (int tries = 0; tries < 200; tries++) {
            try {
                var answer = nodes.get((number + tries) % nodes.size()).trigger(event);
                if (answer.status() == 202 || answer.status() == 200) {
                    return runId(answer);
                }
            } catch (UncheckedIOException noAnswer) {
                // The node may be gone; the other one takes it.
            }
        }
        throw new AssertionError("no node accepted message " + number);
    }

    private static void assertOneCompletedRunPerTrigger(Stack stack, Map<String, String> accepted) throws Exception {
        assertThat(Set.copyOf(accepted.values())).hasSize(TRIGGERS);
        try (var connection = stack.database("scheduler");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select state, count(*), count(distinct business_key) from run group by state")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("COMPLETED");
            assertThat(rows.getInt(2)).isEqualTo(TRIGGERS);
            assertThat(rows.getInt(3)).isEqualTo(TRIGGERS);
            assertThat(rows.next()).isFalse();
        }
    }

    /** What the dead node had called and never recorded is called again, by the same key, within the takeover time. */
    private static void assertTakenOverInTime(RecordingDownstream downstream, Instant killedAt) {
        var byKey = downstream.calls().stream().collect(Collectors.groupingBy(Call::key));
        var late = byKey.values().stream()
                .filter(calls -> calls.size() > 1 && calls.get(0).at().isBefore(killedAt))
                .filter(calls -> calls.get(0).at().isAfter(killedAt.minus(HOLD)))
                .filter(calls -> calls.get(1).at().isAfter(killedAt.plus(TAKEOVER)))
                .map(calls -> calls.get(0).key())
                .toList();
        assertThat(late)
                .as("calls of the dead node that were taken over too late")
                .isEmpty();
    }

    private static int peak(RecordingDownstream downstream, Instant since) {
        return downstream.calls().stream()
                .filter(call -> call.at().isAfter(since))
                .mapToInt(Call::inFlight)
                .max()
                .orElse(0);
    }

    private static String runId(Answer answer) {
        return answer.json().path("runs").get(0).path("runId").asString();
    }
}
