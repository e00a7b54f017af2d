package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.RecordingDownstream.Call;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.PlatformApi;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What runs of one group do to each other, with messages that come to both nodes at once. */
@ExtendWith(Cluster.Shared.class)
class BlockingIT {

    private static final int ROUNDS = 200;
    private static final int ROUNDS_PER_KEY = 20;
    private static final String SYSTEM = "blocking";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final List<PlatformApi> nodes;
    private final RecordingDownstream downstream;
    private final ExecutorService senders = Executors.newFixedThreadPool(4);

    /** Calls in flight, by group and business key. */
    private final Map<String, AtomicInteger> atWork = new ConcurrentHashMap<>();

    private final ConcurrentLinkedQueue<String> overlaps = new ConcurrentLinkedQueue<>();

    BlockingIT(Cluster cluster) {
        this.cluster = cluster;
        nodes = List.of(cluster.platform(), cluster.secondNode());
        downstream = cluster.downstream(SYSTEM);
    }

    @BeforeEach
    void putSystem() {
        Documents.putSystem(nodes.get(0), SYSTEM, 100, List.of(downstream.url()));
    }

    @AfterEach
    void stop() {
        senders.shutdownNow();
        downstream.close();
    }

    private void putGroup(String key, String type, Map<String, Object> policy) {
        var document = new HashMap<String, Object>(Map.of(
                "apiVersion",
                "syncline/v1",
                "kind",
                "TaskGroup",
                "key",
                key,
                "triggers",
                List.of(Map.of("source", Documents.SOURCE, "type", type)),
                "defaults",
                Documents.defaults("PT1S"),
                "tasks",
                List.of(Map.of("key", "work", "system", SYSTEM, "path", "/work", "cancelPath", "/stop"))));
        document.putAll(policy);
        nodes.get(0).put("/api/v1/groups/" + key, document);
    }

    private Reply workedOn(Call call, Duration span) {
        var key = call.body().path("group").asString() + "/"
                + call.body().path("businessKey").asString();
        var busy = atWork.computeIfAbsent(key, any -> new AtomicInteger());
        if (busy.incrementAndGet() > 1) {
            overlaps.add(key);
        }
        downstream.doOnce(call);
        return Reply.completed().heldFor(span).onceHeld(busy::decrementAndGet);
    }

    private static String triggerId(Answer answer) {
        return answer.expect(202).json().path("triggerId").asString();
    }

    private long open(String groups) throws SQLException {
        return count("select count(*) from run where group_key in (" + groups + ") and state in ('QUEUED', 'RUNNING')");
    }

    private long count(String query) throws SQLException {
        try (var connection = cluster.database();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void awaitEndOf(String groups) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> open(groups) == 0);
    }

    @Test
    void ofTwoMessagesAtOnceOnTwoNodesNoneIsLostAndNoneRunsBesideTheOther() throws Exception {
        putGroup("b-queue", "blocking.both", Map.of());
        putGroup("b-merge", "blocking.both", Map.of("whenActive", "MERGE_LATEST"));
        downstream.answers(call -> workedOn(call, Duration.ofMillis(10)));
        var triggers = new ArrayList<String>();
        var together = new CyclicBarrier(2);

        for (int round = 0; round < ROUNDS; round++) {
            var sent = new ArrayList<Future<String>>();
            for (int node = 0; node < 2; node++) {
                var event =
                        Documents.event("both-" + round + "-" + node, "blocking.both", "key-" + round / ROUNDS_PER_KEY);
                var api = nodes.get(node);
                sent.add(senders.submit(() -> {
                    together.await();
                    return triggerId(api.trigger(event));
                }));
            }
            for (Future<String> one : sent) {
                triggers.add(one.get());
            }
        }
        awaitEndOf("'b-queue', 'b-merge'");

        assertThat(overlaps).isEmpty();
        var runs = runsOf("'b-queue', 'b-merge'");
        assertThat(runs).hasSize(4 * ROUNDS);
        assertThat(runs.values()).extracting(Row::trigger).containsAll(triggers);
        assertThat(runs.values())
                .filteredOn(run -> run.group().equals("b-queue"))
                .hasSize(2 * ROUNDS)
                .extracting(Row::state)
                .containsOnly("COMPLETED");
        assertThat(runs.values())
                .filteredOn(run -> run.group().equals("b-merge"))
                .hasSize(2 * ROUNDS)
                .allSatisfy(run -> {
                    var last = run;
                    while (last.mergedInto() != null) {
                        assertThat(last.state()).isEqualTo("SKIPPED");
                        last = runs.get(last.mergedInto());
                    }
                    assertThat(last.state()).isEqualTo("COMPLETED");
                });
        var merged =
                runs.values().stream().filter(run -> run.mergedInto() != null).toList();
        assertThat(merged).isNotEmpty();
        assertThat(downstream.effects().size()).isEqualTo(4 * ROUNDS - merged.size());
        assertThat(lookUp(merged.get(0).trigger()).toString())
                .contains(String.valueOf(merged.get(0).mergedInto()));
    }

    private record Row(
            String trigger,
            String group,
            String state,
            @Nullable String mergedInto) {}

    private Map<String, Row> runsOf(String groups) throws SQLException {
        var runs = new HashMap<String, Row>();
        try (var connection = cluster.database();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select run_id, trigger_id, group_key, state, merged_into from run"
                        + " where group_key in (" + groups + ")")) {
            while (rows.next()) {
                runs.put(
                        rows.getString(1),
                        new Row(rows.getString(2), rows.getString(3), rows.getString(4), rows.getString(5)));
            }
        }
        return runs;
    }

    private JsonNode lookUp(String trigger) {
        return nodes.get(0)
                .get("/api/v1/triggers/" + trigger)
                .expect(200)
                .json()
                .path("runs");
    }

    @Test
    void cancelThenStartTellsTheDownstreamFirstAndStartsWhenThatIsConfirmed() {
        putGroup("b-cancel", "blocking.cancel", Map.of("whenActive", "CANCEL_THEN_START"));
        downstream.answers(call ->
                call.path().equals("/stop") ? Reply.status(200).heldFor(Duration.ofMillis(500)) : Reply.status(202));
        var first = started(nodes.get(0), "cancel-1");
        await().atMost(SOON)
                .until(() -> state(first).equals("RUNNING") && taskState(first).equals("RUNNING"));

        var second = started(nodes.get(1), "cancel-2");
        var third = started(nodes.get(0), "cancel-3");

        await().atMost(SOON).until(() -> state(third).equals("RUNNING"));
        assertThat(state(first)).isEqualTo("CANCELLED");
        assertThat(nodes.get(0)
                        .run(first)
                        .path("taskRuns")
                        .get(0)
                        .path("cancel")
                        .asString())
                .isEqualTo("CONFIRMED");
        assertThat(state(second)).isEqualTo("SKIPPED");
        assertThat(nodes.get(0).run(second).path("mergedInto").asString()).isEqualTo(third);
        await().atMost(SOON).until(() -> taskState(third).equals("RUNNING"));
        var stops = downstream.calls().stream()
                .filter(call -> call.path().equals("/stop"))
                .toList();
        assertThat(stops).hasSize(1);
        assertThat(stops.get(0).body().path("reason").asString()).contains(second);
        var work = downstream.calls().stream()
                .filter(call -> call.body().path("runId").asString().equals(third))
                .findFirst()
                .orElseThrow();
        assertThat(Duration.between(stops.get(0).at(), work.at())).isGreaterThanOrEqualTo(Duration.ofMillis(450));
        nodes.get(0)
                .post("/api/v1/runs/" + third + "/actions/cancel", Map.of("reason", "the test is over"))
                .expect(200);
        await().atMost(SOON).until(() -> cancel(third).equals("CONFIRMED"));
    }

    private static String started(PlatformApi node, String id) {
        return started(node, "blocking.cancel", id);
    }

    private static String started(PlatformApi node, String type, String id) {
        return node.trigger(Documents.event(id, type, "day"))
                .expect(202)
                .json()
                .path("runs")
                .get(0)
                .path("runId")
                .asString();
    }

    private String state(String runId) {
        return nodes.get(0).run(runId).path("state").asString();
    }

    private String cancel(String runId) {
        return nodes.get(0).run(runId).path("taskRuns").get(0).path("cancel").asString();
    }

    private String taskState(String runId) {
        return nodes.get(0).run(runId).path("taskRuns").get(0).path("state").asString();
    }

    @Test
    void aRunIsSkippedWithoutAFailureWhileOneOfItsKeyIsActiveOnTheOtherNode() {
        putGroup("b-skip", "blocking.skip", Map.of("whenActive", "SKIP"));
        downstream.answers(call -> Reply.status(202));
        var active = started(nodes.get(0), "blocking.skip", "skip-1");
        await().atMost(SOON).until(() -> taskState(active).equals("RUNNING"));

        var skipped = started(nodes.get(1), "blocking.skip", "skip-2");

        assertThat(state(skipped)).isEqualTo("SKIPPED");
        assertThat(nodes.get(0)
                        .get("/api/v1/runs?unresolved=true&group=b-skip")
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
        downstream.callBack(downstream.calls().get(0), "\"status\": \"COMPLETED\"");
        await().atMost(SOON).until(() -> state(active).equals("COMPLETED"));
    }

    @Test
    void parallelRunsNeverExceedTheLimitOfTheirGroupOverTwoNodes() throws Exception {
        putGroup("b-parallel", "blocking.parallel", Map.of("whenActive", "PARALLEL", "maxActive", 3));
        var inFlight = new AtomicInteger();
        var most = new AtomicInteger();
        downstream.answers(call -> {
            most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            downstream.doOnce(call);
            return Reply.completed().heldFor(Duration.ofMillis(60)).onceHeld(inFlight::decrementAndGet);
        });
        var sent = new ArrayList<Future<String>>();
        for (int number = 0; number < 60; number++) {
            var event = Documents.event("parallel-" + number, "blocking.parallel", "one-key");
            var api = nodes.get(number % 2);
            sent.add(senders.submit(() -> triggerId(api.trigger(event))));
        }

        assertThat(mostActiveUntilTheEnd("b-parallel", sent)).isEqualTo(3);
        for (Future<String> one : sent) {
            assertThat(lookUp(one.get()).get(0).path("state").asString()).isEqualTo("COMPLETED");
        }
        assertThat(downstream.effects()).hasSize(60);
        assertThat(most.get()).isEqualTo(3);
    }

    private int mostActiveUntilTheEnd(String group, List<Future<String>> sent) throws SQLException {
        var most = 0;
        try (var connection = cluster.database();
                var query = connection.prepareStatement("select count(*), count(*) filter (where state = 'RUNNING')"
                        + " from run where group_key = ? and state in ('QUEUED', 'RUNNING')")) {
            query.setString(1, group);
            while (true) {
                var allSent = sent.stream().allMatch(Future::isDone);
                try (var rows = query.executeQuery()) {
                    rows.next();
                    most = Math.max(most, rows.getInt(2));
                    if (allSent && rows.getInt(1) == 0) {
                        return most;
                    }
                }
            }
        }
    }

    @Test
    void messagesWithAPartitionkeyRunInTheOrderOfTheInboxWhateverThePolicy() {
        putGroup("b-order", "blocking.order", Map.of("whenActive", "SKIP"));
        downstream.answers(call -> workedOn(call, Duration.ofMillis(5)));
        var expected = new HashMap<String, List<String>>();

        for (int number = 0; number < 60; number++) {
            var key = "partition-" + number % 3;
            var event = Documents.event("order-" + number, "blocking.order", key);
            event.put("partitionkey", key);
            triggerId(nodes.get(number / 3 % 2).trigger(event));
            expected.computeIfAbsent(key, any -> new ArrayList<>()).add("order-" + number);
        }
        awaitEndOf("'b-order'");

        var seen = new HashMap<String, List<String>>();
        downstream
                .calls()
                .forEach(call -> seen.computeIfAbsent(
                                call.body().path("businessKey").asString(), any -> new ArrayList<>())
                        .add(call.body().path("trigger").path("id").asString()));
        assertThat(seen).isEqualTo(expected);
        assertThat(overlaps).isEmpty();
    }
}
