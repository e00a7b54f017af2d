package io.syncline.scheduler.dispatch;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.catalog.Auth;
import io.syncline.scheduler.outbound.Downstreams;
import io.syncline.scheduler.outbound.OutboundCall;
import io.syncline.scheduler.outbound.Reply;
import io.syncline.scheduler.run.DueWork;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.CallbackTokenProperties;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.security.TokenShape;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FakeDownstream;
import io.syncline.scheduler.testing.FakeDownstream.Script;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.GroupFixture;
import io.syncline.scheduler.testing.OneNode;
import io.syncline.scheduler.testing.TestDatabase;
import io.syncline.tracing.Spans;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Rounds over the working queue against a real server, on the embedded database. */
class DispatcherIT {

    private static final TestDatabase DATABASE = TestDatabase.h2();
    private static final int SLOTS = 4;

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final DatabaseClock clock = () -> DATABASE.jdbc()
            .sql("select current_timestamp")
            .query(OffsetDateTime.class)
            .single()
            .toInstant();
    private final FakeDownstream downstream = FakeDownstream.start();
    private final Loopback loopback = new Loopback(downstream.url());
    private final AtomicLong frozen = new AtomicLong();
    private final RecordingNeighbours neighbours = new RecordingNeighbours();
    private Consumer<DueWork> wake = work -> {};
    private Runs runs;
    private OutcomeWriter outcomes;
    private Dispatcher dispatcher;

    private static final class RecordingNeighbours implements Neighbours {

        private final Set<String> told = ConcurrentHashMap.newKeySet();
        private volatile @Nullable Consumer<Set<String>> listener;

        @Override
        public void tell(Set<String> systems) {
            told.addAll(systems);
        }

        @Override
        public void start(@Nullable Consumer<Set<String>> heard) {
            listener = heard;
        }

        @Override
        public void stop() {
            listener = null;
        }
    }

    /** Slots and calls without guard, breaker or credentials. */
    private static final class Loopback implements Downstreams {
        private static final HttpClient HTTP =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final URI base;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger refreshed = new AtomicInteger();
        private volatile boolean broken;
        private volatile boolean outOfMemory;
        private volatile Runnable onCall = () -> {};
        private volatile Runnable onReserve = () -> {};

        private Loopback(URI base) {
            this.base = base;
        }

        @Override
        public synchronized int reserve(String system, int wanted) {
            if (system.equals("broken")) {
                throw new IllegalStateException("out of order");
            }
            onReserve.run();
            int free = system.equals(DOWNSTREAM) ? Math.min(wanted, SLOTS - taken.get()) : 0;
            taken.addAndGet(free);
            return free;
        }

        @Override
        public void release(String system, int unused) {
            taken.addAndGet(-unused);
        }

        @Override
        public CompletableFuture<Reply> call(OutboundCall call) {
            onCall.run();
            if (outOfMemory) {
                throw new OutOfMemoryError("as if");
            }
            if (broken) {
                throw new IllegalStateException("out of order");
            }
            var request = HttpRequest.newBuilder(base.resolve(call.path()))
                    .timeout(call.callTimeout())
                    .POST(HttpRequest.BodyPublishers.ofByteArray(call.body()));
            call.headers().forEach(request::header);
            return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray())
                    .handle((answer, failure) -> {
                        taken.decrementAndGet();
                        if (answer == null) {
                            return new Reply.NoAnswer("no answer", base.toString(), Duration.ZERO);
                        }
                        var headers = new java.util.HashMap<String, String>();
                        answer.headers().map().forEach((name, all) -> headers.put(name.toLowerCase(), all.get(0)));
                        return new Reply.Answer(
                                answer.statusCode(), headers, answer.body(), base.toString(), Duration.ofMillis(1));
                    });
        }

        @Override
        public void refreshCredential(String system, Auth auth) {
            refreshed.incrementAndGet();
        }

        @Override
        public Set<String> withFreeSlots() {
            return taken.get() < SLOTS ? Set.of(DOWNSTREAM) : Set.of();
        }
    }

    private record OurAddress(String publicUrl) implements PlatformTokens {
        @Override
        public String forSystem(String systemKey) {
            return "token";
        }

        @Override
        public String forSystem(String systemKey, TokenShape shape) {
            return "token";
        }

        @Override
        public void forget(String systemKey) {}
    }

    @BeforeEach
    void start() {
        var jdbc = new NamedParameterJdbcTemplate(DATABASE.dataSource());
        List.of("call", "callback", "journal", "task_run", "run", "run_slot")
                .forEach(table -> jdbc.update("delete from " + table, Map.of()));
        runs = TestRuns.on(DATABASE, groups, clock, "node", work -> wake.accept(work));
        var properties = new DispatchProperties(
                true,
                Duration.ofMillis(50),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                500,
                Duration.ofMillis(5),
                Duration.ofSeconds(10));
        outcomes = new OutcomeWriter(
                runs,
                new JdbcCalls(jdbc, SqlDialect.H2, new OneNode("node")),
                DATABASE.transactions(),
                properties,
                new SimpleMeterRegistry());
        var syncCall = new SyncCall(
                (taskRunId, attempt, expiresAt) -> "callback-" + taskRunId + "." + attempt,
                new CallbackTokenProperties(Duration.ofHours(24)),
                new OurAddress("https://sync.example.com"));
        dispatcher = new Dispatcher(
                runs,
                loopback,
                syncCall,
                outcomes,
                clock::now,
                properties,
                neighbours,
                Spans.UNTOLD,
                () -> System.nanoTime() + frozen.get());
        dispatcher.start();
    }

    @AfterEach
    void stop() {
        dispatcher.stop();
        downstream.close();
    }

    private String run(GroupFixture group, String key) {
        var built = groups.put(group);
        return runs.start(List.of(new NewRun(
                        built,
                        key,
                        key,
                        Ids.next(),
                        "{\"source\":\"/billing\",\"id\":\"1\",\"data\":{\"n\":1}}",
                        null)))
                .get(0)
                .runId();
    }

    private String stateOf(String run) {
        return DATABASE.jdbc()
                .sql("select state from run where run_id = ?")
                .param(run)
                .query(String.class)
                .single();
    }

    private List<String> outcomes() {
        return DATABASE.jdbc()
                .sql("select outcome from call order by call_id")
                .query(String.class)
                .list();
    }

    private static Script completed() {
        return Script.json(200, "{\"status\":\"COMPLETED\",\"result\":{\"rows\":3}}");
    }

    private void awaitState(String run, String state) {
        await().atMost(Duration.ofSeconds(20)).until(() -> stateOf(run).equals(state));
    }

    @Test
    void aRunIsCalledUntilItHasCompleted() {
        downstream.answers(Script.status(202), Script.json(200, "{\"status\":\"RUNNING\"}"), completed());

        var run = run(
                aGroup("g")
                        .with(aSyncTask("plans").every(Duration.ofMillis(100)).with(Map.of("dataset", "plans"))),
                "k");
        awaitState(run, "COMPLETED");

        assertThat(outcomes()).containsExactly("ACCEPTED", "REPORT", "REPORT");
        assertThat(downstream.received()).hasSize(3).allSatisfy(call -> {
            assertThat(call.path()).isEqualTo("/sync/plans");
            assertThat(call.idempotencyKey()).endsWith(".1");
            assertThat(call.headers().get("idempotency-key")).startsWith("\"").endsWith("\"");
        });
        assertThat(downstream.received())
                .extracting(FakeDownstream.Received::idempotencyKey)
                .containsOnly(downstream.received().get(0).idempotencyKey());
        var body = JsonMapper.builder()
                .build()
                .readTree(downstream.received().get(2).body());
        var taskRunId = body.get("taskRunId").stringValue();
        assertThat(body.get("round").intValue()).isEqualTo(3);
        assertThat(body.get("attempt").intValue()).isEqualTo(1);
        assertThat(body.get("businessKey").stringValue()).isEqualTo("k");
        assertThat(body.at("/parameters/dataset").stringValue()).isEqualTo("plans");
        assertThat(body.at("/trigger/data/n").intValue()).isEqualTo(1);
        assertThat(body.at("/callback/url").stringValue())
                .isEqualTo("https://sync.example.com/api/v1/task-runs/" + taskRunId + "/callbacks");
        assertThat(body.at("/callback/token").stringValue()).isEqualTo("callback-" + taskRunId + ".1");
    }

    @Test
    void neverMoreCallsAreInFlightThanSlotsWereReserved() {
        downstream.alwaysAnswers(completed().after(Duration.ofMillis(20)));
        var group = aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), anAsyncTask("c"), anAsyncTask("d"));
        for (int i = 0; i < 10; i++) {
            run(group, "k" + i);
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> DATABASE.jdbc()
                                .sql("select count(*) from run where state = 'COMPLETED'")
                                .query(Integer.class)
                                .single()
                        == 10);

        assertThat(downstream.calls()).isEqualTo(40);
        assertThat(downstream.mostInFlight()).isLessThanOrEqualTo(SLOTS).isGreaterThan(1);
        await().atMost(Duration.ofSeconds(5)).until(() -> loopback.taken.get() == 0);
    }

    @Test
    void failedCallsAreRepeatedUnderOneKeyAndEachIsKept() {
        downstream.answers(
                Script.status(500),
                Script.json(200, "<html>"),
                Script.reset(),
                Script.status(401),
                Script.status(202),
                completed());

        var run = run(
                aGroup("g")
                        .with(aSyncTask("a")
                                .every(Duration.ofMillis(100))
                                .retry(3, Duration.ofMillis(100), Duration.ofMillis(100))),
                "k");
        awaitState(run, "COMPLETED");

        assertThat(outcomes())
                .containsExactly(
                        "RETRYABLE_STATUS", "UNREADABLE_REPLY", "UNKNOWN", "UNAUTHORIZED", "ACCEPTED", "REPORT");
        assertThat(downstream.received().stream()
                        .map(FakeDownstream.Received::idempotencyKey)
                        .distinct())
                .hasSize(1);
        assertThat(loopback.refreshed.get()).isEqualTo(1);
    }

    @Test
    void anAttemptThatFailedIsRepeatedUnderTheNextKey() {
        downstream.answers(Script.json(200, "{\"status\":\"FAILED\"}"), completed());

        var run = run(aGroup("g").with(aSyncTask("a").retry(3, Duration.ofMillis(100), Duration.ofMillis(100))), "k");
        awaitState(run, "COMPLETED");

        assertThat(downstream.received())
                .extracting(call -> call.idempotencyKey().replaceAll(".*\\.", ""))
                .containsExactly("1", "2");
    }

    @Test
    void aCancelIsToldToTheDownstreamUnderTheSameKey() {
        var run = run(aGroup("g").with(aSyncTask("a").cancelledAt("/sync/a/cancel")), "k");
        await().atMost(Duration.ofSeconds(10)).until(() -> outcomes().equals(List.of("ACCEPTED")));
        var next = run(aGroup("g").with(aSyncTask("a").cancelledAt("/sync/a/cancel")), "k");

        runs.cancel(run, new Operator("ada", "wrong file"), false);

        awaitState(next, "RUNNING");
        var cancel = downstream.received().get(1);
        assertThat(cancel.path()).isEqualTo("/sync/a/cancel");
        assertThat(cancel.idempotencyKey())
                .isEqualTo(downstream.received().get(0).idempotencyKey());
        assertThat(cancel.text()).contains("\"reason\":\"wrong file\"");
        assertThat(DATABASE.jdbc()
                        .sql("select cancel_state from task_run where run_id = ?")
                        .param(run)
                        .query(String.class)
                        .single())
                .isEqualTo("CONFIRMED");
    }

    @Test
    void aCallThatCannotBeMadeCostsNoSlotAndIsMadeLater() {
        loopback.broken = true;
        var run = run(aGroup("g").with(aSyncTask("a").retry(3, Duration.ofMillis(100), Duration.ofMillis(100))), "k");
        await().atMost(Duration.ofSeconds(10)).until(() -> outcomes().size() > SLOTS);
        downstream.alwaysAnswers(completed());

        loopback.broken = false;

        awaitState(run, "COMPLETED");
        await().atMost(Duration.ofSeconds(5)).until(() -> loopback.taken.get() == 0);
    }

    @Test
    void anErrorEndsNoRounds() {
        loopback.outOfMemory = true;
        var run = run(aGroup("g").with(aSyncTask("a").retry(3, Duration.ofMillis(100), Duration.ofMillis(100))), "k");
        await().atMost(Duration.ofSeconds(10)).until(() -> outcomes().size() > SLOTS);
        downstream.alwaysAnswers(completed());

        loopback.outOfMemory = false;

        awaitState(run, "COMPLETED");
        await().atMost(Duration.ofSeconds(5)).until(() -> loopback.taken.get() == 0);
    }

    @Test
    void anAnswerWithALongUnknownStatusIsWrittenLikeAnyOther() {
        downstream.answers(Script.json(200, "{\"status\":\"" + "X".repeat(3000) + "\"}"), completed());

        var run = run(aGroup("g").with(aSyncTask("a").retry(3, Duration.ofMillis(100), Duration.ofMillis(100))), "k");
        awaitState(run, "COMPLETED");

        assertThat(outcomes()).containsExactly("UNREADABLE_REPLY", "REPORT");
    }

    @Test
    void whatWasClaimedBeforeAFreezeIsNotCalledAfterIt() {
        loopback.onCall = () -> frozen.set(Duration.ofSeconds(11).toNanos());
        downstream.alwaysAnswers(Script.status(202));

        run(aGroup("g").with(anAsyncTask("a"), anAsyncTask("b"), anAsyncTask("c")), "k");
        await().atMost(Duration.ofSeconds(10)).until(() -> outcomes().equals(List.of("ACCEPTED")));

        assertThat(loopback.taken.get()).isZero();
        assertThat(outcomes.inHand()).isEmpty();
        assertThat(DATABASE.jdbc()
                        .sql("select state from task_run")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("RUNNING", "CALLING", "CALLING");
    }

    @Test
    void oneBrokenSystemHoldsUpNoOther() {
        downstream.alwaysAnswers(completed());
        for (int i = 0; i < 5; i++) {
            dispatcher.on(
                    new DueWork(Map.of("broken", Duration.ZERO, DOWNSTREAM, Duration.ZERO, "other", Duration.ZERO)));
            awaitState(run(aGroup("g").with(aSyncTask("a")), "k" + i), "COMPLETED");
        }
    }

    @Test
    void aStopLetsTheLastRoundFinishWithoutInterruptingIt() throws InterruptedException {
        downstream.alwaysAnswers(completed());
        var reserving = new CountDownLatch(1);
        var stopHasBegun = new CountDownLatch(1);
        loopback.onReserve = () -> {
            reserving.countDown();
            assertThat(opens(stopHasBegun)).isTrue();
        };
        var run = run(aGroup("g").with(aSyncTask("a")), "k");
        dispatcher.on(new DueWork(Map.of(DOWNSTREAM, Duration.ZERO)));
        assertThat(opens(reserving)).isTrue();

        var stop = stopThatWaits();
        stopHasBegun.countDown();
        stop.join(20_000);

        assertThat(stop.isAlive()).isFalse();
        assertThat(stateOf(run)).isEqualTo("COMPLETED");
        assertThat(loopback.taken.get()).isZero();
    }

    @Test
    void aStopWaitsForCallsUnderWayAndClaimsNoMore() throws InterruptedException {
        var gate = new CountDownLatch(1);
        downstream.alwaysAnswers(completed().once(gate));
        var run = run(aGroup("g").with(aSyncTask("a"), aSyncTask("b")), "k");
        await().atMost(Duration.ofSeconds(10)).until(() -> downstream.inFlight() == 1);
        var stop = stopThatWaits();
        assertThat(downstream.inFlight()).isEqualTo(1);

        gate.countDown();
        stop.join(20_000);

        assertThat(stop.isAlive()).isFalse();
        assertThat(DATABASE.jdbc()
                        .sql("select state from task_run where run_id = ? order by task_no")
                        .param(run)
                        .query(String.class)
                        .list())
                .containsExactly("COMPLETED", "DUE");
        assertThat(downstream.calls()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsAboutToEndBeginsNoMoreCallsWhileOthersAreStillToStop() {
        downstream.alwaysAnswers(completed());
        var rounds = new AtomicReference<Thread>();
        loopback.onReserve = () -> rounds.set(Thread.currentThread());
        awaitState(run(aGroup("g").with(aSyncTask("a")), "before"), "COMPLETED");

        dispatcher.on(new ContextClosedEvent(new StaticApplicationContext()));

        await().atMost(Duration.ofSeconds(10)).until(() -> !rounds.get().isAlive());
        var late = run(aGroup("g").with(aSyncTask("a")), "after");
        dispatcher.stop();
        assertThat(DATABASE.jdbc()
                        .sql("select state from task_run where run_id = ?")
                        .param(late)
                        .query(String.class)
                        .single())
                .isEqualTo("DUE");
        assertThat(downstream.calls()).isEqualTo(1);
    }

    /** A stop that has come to what it waits for. */
    private Thread stopThatWaits() {
        var stop = new Thread(dispatcher::stop, "stop");
        stop.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> stop.getState() == Thread.State.TIMED_WAITING);
        return stop;
    }

    private static boolean opens(CountDownLatch latch) {
        try {
            return latch.await(10, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void aCommitWakesTheRoundsOfItsNode() {
        wake = dispatcher::on;
        downstream.alwaysAnswers(completed());

        awaitState(run(aGroup("g").with(aSyncTask("a"), aSyncTask("b"), aSyncTask("c")), "k"), "COMPLETED");

        assertThat(downstream.calls()).isEqualTo(3);
    }

    @Test
    void whatThisNodeHasRoomForIsNotToldToOthers() {
        dispatcher.on(new DueWork(Map.of(DOWNSTREAM, Duration.ZERO)));

        assertThat(neighbours.told).isEmpty();
    }

    @Test
    void workThatIsDueWhileNoSlotIsFreeIsToldToTheOtherNodes() {
        loopback.taken.set(SLOTS);

        dispatcher.on(new DueWork(Map.of(DOWNSTREAM, Duration.ZERO, "not-yet", Duration.ofMillis(500))));

        assertThat(neighbours.told).containsExactly(DOWNSTREAM);
        loopback.taken.set(0);
    }

    @Test
    void aDispatcherHearsOfTheOthersWorkWhileItRuns() {
        assertThat(neighbours.listener).isNotNull();

        dispatcher.stop();

        assertThat(neighbours.listener).isNull();
    }
}
