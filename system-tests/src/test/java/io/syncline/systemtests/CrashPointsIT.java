package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.crash.Crash;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node ends of itself between two side effects, with nothing written after: a message committed and not answered, work
 * claimed and not called, a callback committed and not answered. The other node goes on. All
 * places there are, under load and judged by the history checker: {@code ./prove --crash-points all}.
 */
class CrashPointsIT {

    private static final int MESSAGES = 12;
    private static final Duration ENDED_WITHIN = Duration.ofSeconds(120);
    private static final String SYSTEM = "crashing";
    private static final String GROUP = "crash";

    private record Place(String when, String point) {}

    private static final List<Place> PLACES = List.of(
            new Place("after", "message-judged"),
            new Place("after", "work-claimed"),
            new Place("after", "callback-answered"));

    @TempDir
    private Path home;

    @Test
    void aNodeThatEndsBetweenTwoSideEffectsLosesNothingAndDoublesNothing() throws Exception {
        var order = home.resolve("node-1.crash");
        try (var stack = Stack.onPostgres(home);
                var downstream = new RecordingDownstream(SYSTEM)) {
            var crashing = Stack.ready(stack.startNodeThatCrashes(order, "syncline.node.id=node-1"));
            downstream.trust(stack.platformUrl());
            Documents.putSystem(stack.platform(), SYSTEM, 8, List.of(downstream.url()));
            Documents.putSingleTaskGroup(stack.platform(), GROUP, SYSTEM, Documents.defaults("PT3S"));
            // Reports by callback, and in its answer when it is asked again.
            var reported = ConcurrentHashMap.<String>newKeySet();
            downstream.answers(call -> {
                downstream.doOnce(call);
                return reported.add(call.key())
                        ? Reply.status(202).then(() -> downstream.callBack(call, "\"status\": \"COMPLETED\""))
                        : Reply.completed();
            });
            var survivor = Stack.ready(stack.startAnotherNode("node-2", "syncline.node.id=node-2"));
            var nodes = List.of(stack.platform(), stack.platform().at(survivor.url()));

            var runs = new HashMap<String, String>();
            for (var place : PLACES) {
                if (!crashing.isAlive()) {
                    crashing.startAgain();
                    Stack.ready(crashing);
                }
                crash(crashing, order, place, nodes, runs);
            }

            assertThat(Set.copyOf(runs.values()))
                    .as("runs of different messages")
                    .hasSize(runs.size());
            assertOneCompletedRunPerMessage(stack, runs);
            assertThat(downstream.effects()).hasSize(runs.size());
            assertThat(downstream.calls()).extracting(Call::attempt).containsOnly(1);
        }
    }

    private static void crash(
            ServiceProcess crashing, Path order, Place place, List<PlatformApi> nodes, Map<String, String> runs)
            throws Exception {
        Crash.order(order, place.when(), place.point());
        var sent = new ArrayList<String>();
        for (int i = 0; i < MESSAGES; i++) {
            var id = place.point() + "-" + i;
            runs.put(id, sendUntilAnswered(nodes, id));
            sent.add(runs.get(id));
        }
        await("the node has come " + place)
                .atMost(ENDED_WITHIN)
                .until(() -> !crashing.isAlive() && Crash.isDone(order));
        Crash.forget(order);
        await("every run has ended on the other node, " + place)
                .atMost(ENDED_WITHIN)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    sent.removeIf(run ->
                            nodes.get(1).run(run).path("state").asString("").equals("COMPLETED"));
                    return sent.isEmpty();
                });
    }

    /** As an upstream's outbox does: the same message again, to the other node, until one has answered. */
    private static String sendUntilAnswered(List<PlatformApi> nodes, String id) {
        var event = Documents.event(id, GROUP + ".ready", id);
        for (int tries = 0; tries < 200; tries++) {
            try {
                var answer = nodes.get(tries % nodes.size()).trigger(event);
                if (answer.status() == 202 || answer.status() == 200) {
                    return answer.json().path("runs").get(0).path("runId").asString();
                }
            } catch (UncheckedIOException noAnswer) {
                // It may have been taken; the other node knows.
            }
        }
        throw new AssertionError("no node answered message " + id);
    }

    private static void assertOneCompletedRunPerMessage(Stack stack, Map<String, String> runs) throws SQLException {
        try (var connection = stack.database("scheduler");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select state, count(*), count(distinct business_key) from run group by state")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("COMPLETED");
            assertThat(rows.getInt(2)).isEqualTo(runs.size());
            assertThat(rows.getInt(3)).isEqualTo(runs.size());
            assertThat(rows.next()).isFalse();
        }
    }
}
