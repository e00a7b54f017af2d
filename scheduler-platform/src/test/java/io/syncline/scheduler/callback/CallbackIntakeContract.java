package io.syncline.scheduler.callback;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.SettableClock.NOON;
import static io.syncline.scheduler.testing.TaskFixture.DOWNSTREAM;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.contracts.CallbackAnswer;
import io.syncline.contracts.CallbackAnswer.Reason;
import io.syncline.scheduler.run.NewRun;
import io.syncline.scheduler.run.Operator;
import io.syncline.scheduler.run.ReportReader;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.CallbackGrant;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.FixedTaskGroups;
import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;

/** What becomes of callbacks, on every database. */
abstract class CallbackIntakeContract {

    private final FixedTaskGroups groups = new FixedTaskGroups();
    private final SettableClock clock = SettableClock.atNoon();
    private Runs runs;
    private CallbackIntake intake;
    private String taskRun;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        var jdbc = new NamedParameterJdbcTemplate(database().dataSource());
        List.of("callback", "journal", "task_run", "run", "run_slot")
                .forEach(table -> jdbc.update("delete from " + table, Map.of()));
        runs = TestRuns.on(database(), groups, clock);
        intake = intake(database().transactions());
        intake.start();
        groups.put(aGroup("g").with(aSyncTask("a"), aSyncTask("b")));
        taskRun = taskRunsOf(start("k")).get(0);
    }

    private CallbackIntake intake(PlatformTransactionManager transactions) {
        return new CallbackIntake(
                runs,
                callbacks(),
                clock,
                transactions,
                new CallbackProperties(200, Duration.ofMillis(5), 2000, Duration.ofSeconds(2)),
                new SimpleMeterRegistry());
    }

    private JdbcCallbacks callbacks() {
        var source = database().dataSource();
        return new JdbcCallbacks(new NamedParameterJdbcTemplate(source), SqlDialect.of(source));
    }

    @AfterEach
    void close() {
        intake.stop();
    }

    private String start(String key) {
        return runs.start(List.of(new NewRun(groups.current("g").orElseThrow(), key, key, Ids.next(), "{}", null)))
                .get(0)
                .runId();
    }

    private List<String> taskRunsOf(String run) {
        return database()
                .jdbc()
                .sql("select task_run_id from task_run where run_id = ? order by task_no")
                .param(run)
                .query(String.class)
                .list();
    }

    private static Caller grant(String taskRunId, int attempt) {
        return new Caller(
                "callback", null, Set.of(Scope.CALLBACKS_WRITE), new CallbackGrant(taskRunId, attempt, NOON), null);
    }

    private static Caller system(String key, Scope... scopes) {
        return Caller.machine("client", key, Set.of(scopes));
    }

    private static Caller downstream() {
        return system(DOWNSTREAM, Scope.CALLBACKS_WRITE);
    }

    private CompletableFuture<CallbackReply> send(String taskRunId, Caller caller, String body) {
        return intake.accept(taskRunId, caller, ReportReader.read(body.getBytes(StandardCharsets.UTF_8), true), body);
    }

    /** Reports on one run come to several nodes; those on other runs must not stand behind them. */
    @Test
    void whatAnotherHasInHandHoldsUpNothingElseOfItsBatch() throws Exception {
        var other = taskRunsOf(start("k2")).get(0);
        var writer = new CallbackWriter(runs, callbacks(), clock, database().transactions(), new SimpleMeterRegistry());
        var batch = List.of(
                received(taskRun, body("c1", 1, "RUNNING", "")),
                received(taskRun, body("c2", 1, "COMPLETED", "")),
                received(other, body("c1", 1, "COMPLETED", "")));
        try (var elsewhere = database().dataSource().getConnection()) {
            elsewhere.setAutoCommit(false);
            try (var lock = elsewhere.prepareStatement(
                    "select ordering_key from run_slot where group_key = 'g' and ordering_key = 'k' for update")) {
                lock.executeQuery();
            }
            var written = CompletableFuture.runAsync(() -> writer.write(batch));

            assertThat(applied(batch.get(2))).isTrue();
            assertThat(batch.get(0).reply()).isNotDone();
            assertThat(batch.get(1).reply()).isNotDone();
            assertThat(written).isNotDone();
            elsewhere.rollback();
        }

        assertThat(applied(batch.get(0))).isTrue();
        assertThat(applied(batch.get(1))).isTrue();
        assertThat(database()
                        .jdbc()
                        .sql("select count(*) from callback where applied = 1")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    private static ReceivedCallback received(String taskRunId, String body) {
        return new ReceivedCallback(
                taskRunId,
                downstream(),
                ReportReader.read(body.getBytes(StandardCharsets.UTF_8), true),
                body,
                null,
                new CompletableFuture<>());
    }

    private static boolean applied(ReceivedCallback received) {
        return received.reply().orTimeout(20, TimeUnit.SECONDS).join() instanceof CallbackReply.Answered answered
                && answered.answer().applied();
    }

    private CallbackReply reply(String taskRunId, Caller caller, String body) {
        return send(taskRunId, caller, body).orTimeout(20, TimeUnit.SECONDS).join();
    }

    private CallbackAnswer answer(String body) {
        return ((CallbackReply.Answered) reply(taskRun, grant(taskRun, 1), body)).answer();
    }

    private ProblemException refusal(String taskRunId, Caller caller, String body) {
        return ((CallbackReply.Refused) reply(taskRunId, caller, body)).problem();
    }

    private static String body(String id, int attempt, String status, String more) {
        return "{\"callbackId\":\"" + id + "\",\"attempt\":" + attempt + ",\"status\":\"" + status + "\"" + more + "}";
    }

    private int kept() {
        return database()
                .jdbc()
                .sql("select count(*) from callback")
                .query(Integer.class)
                .single();
    }

    @Test
    void aCallbackIsKeptAndApplied() {
        var answer = answer(body("c1", 1, "RUNNING", ",\"sequence\":3,\"unknown\":{\"x\":1}"));

        assertThat(answer).isEqualTo(new CallbackAnswer(true, null, "RUNNING", null));
        var row = database().jdbc().sql("select * from callback").query().singleRow();
        assertThat(row.get("callback_id")).isEqualTo("c1");
        assertThat(((Number) row.get("applied")).intValue()).isEqualTo(1);
        assertThat(((Number) row.get("sequence_no")).longValue()).isEqualTo(3);
    }

    @Test
    void anErrorEndsNeitherTheWriterNorTheWaitForIt() {
        intake.stop();
        var target = database().transactions();
        var errors = new AtomicInteger(1);
        var transactions = new PlatformTransactionManager() {
            @Override
            public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
                if (errors.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("as if");
                }
                return target.getTransaction(definition);
            }

            @Override
            public void commit(TransactionStatus status) {
                target.commit(status);
            }

            @Override
            public void rollback(TransactionStatus status) {
                target.rollback(status);
            }
        };
        intake = intake(transactions);
        intake.start();

        assertThatThrownBy(() -> reply(taskRun, downstream(), body("c1", 1, "RUNNING", "")))
                .hasRootCauseInstanceOf(OutOfMemoryError.class);
        assertThat(answer(body("c1", 1, "RUNNING", "")).applied()).isTrue();
    }

    @Test
    void itIsThereBeforeTheFirstRequestAndUntilAfterTheLast() {
        assertThat(intake.getPhase()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
    }

    @Test
    void aSystemReportsOnItsOwnTaskRuns() {
        assertThat(reply(taskRun, downstream(), body("c1", 1, "RUNNING", "")))
                .isInstanceOf(CallbackReply.Answered.class);
    }

    @Test
    void everyReasonIsToldAndEveryCallbackKept() {
        answer(body("c1", 1, "RUNNING", ",\"sequence\":5"));

        assertThat(answer(body("c2", 1, "RUNNING", ",\"sequence\":4")).reason()).isEqualTo(Reason.OUT_OF_ORDER);
        assertThat(answer(body("c3", 1, "FAILED", "")).state()).isEqualTo("DUE");
        assertThat(answer(body("c4", 1, "COMPLETED", "")).reason()).isEqualTo(Reason.STALE_ATTEMPT);
        reply(taskRun, grant(taskRun, 2), body("c5", 2, "COMPLETED", ""));
        var late = ((CallbackReply.Answered) reply(taskRun, grant(taskRun, 2), body("c6", 2, "FAILED", ""))).answer();
        assertThat(late).isEqualTo(new CallbackAnswer(false, Reason.ALREADY_ENDED, "COMPLETED", null));
        assertThat(answer(body("c1", 1, "RUNNING", "")))
                .isEqualTo(new CallbackAnswer(false, Reason.DUPLICATE, "COMPLETED", true));
        assertThat(answer(body("c2", 1, "RUNNING", "")))
                .isEqualTo(new CallbackAnswer(false, Reason.DUPLICATE, "COMPLETED", false));
        assertThat(kept()).isEqualTo(6);
        assertThat(database()
                        .jdbc()
                        .sql("select count(*) from task_run where conflict_since is not null")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void anUnknownTaskRunComesBeforeEverythingElse() {
        assertThat(refusal("nobody", system("crm"), "<html>").status()).isEqualTo(404);
    }

    @Test
    void aTokenThatDoesNotFitComesBeforeTheBody() {
        assertThat(refusal(taskRun, grant("other", 1), "<html>").status()).isEqualTo(403);
        assertThat(refusal(taskRun, system("crm", Scope.CALLBACKS_WRITE), "<html>")
                        .status())
                .isEqualTo(403);
        assertThat(refusal(taskRun, system(DOWNSTREAM, Scope.TRIGGERS_WRITE), "<html>")
                        .status())
                .isEqualTo(403);
        assertThat(refusal(taskRun, system(null, Scope.CALLBACKS_WRITE), "{}").status())
                .isEqualTo(403);
        assertThat(refusal(taskRun, grant(taskRun, 2), body("c", 1, "NONSENSE", ""))
                        .status())
                .isEqualTo(403);
        assertThat(refusal(taskRun, grant(taskRun, 1), body("c", 7, "RUNNING", ""))
                        .status())
                .isEqualTo(403);
        assertThat(kept()).isZero();
    }

    @Test
    void aBodyThatIsNoJsonIs400AndJsonOfAnotherShape422() {
        for (String body : List.of("", "<html>", "{\"a\":1,\"a\":2}", "{")) {
            assertThat(refusal(taskRun, grant(taskRun, 1), body).status())
                    .as(body)
                    .isEqualTo(400);
        }
        for (String body : List.of("[]", "7", "null")) {
            assertThat(refusal(taskRun, grant(taskRun, 1), body).status())
                    .as(body)
                    .isEqualTo(422);
        }
    }

    @Test
    void everythingWrongInTheBodyIsSaidAtOnce() {
        var problem = refusal(
                taskRun,
                downstream(),
                "{\"callbackId\":\" \",\"attempt\":0,\"status\":\"DONE\",\"sequence\":\"1\",\"retryable\":\"no\","
                        + "\"progress\":7,\"files\":[{\"status\":\"LOST\"},1],\"reconciliation\":{\"missing\":1.5},"
                        + "\"occurredAt\":\"today\"}");

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.errors())
                .extracting(error -> error.pointer())
                .containsExactlyInAnyOrder(
                        "/callbackId",
                        "/attempt",
                        "/status",
                        "/sequence",
                        "/retryable",
                        "/progress",
                        "/files/0/name",
                        "/files/0/status",
                        "/files/1",
                        "/reconciliation/missing",
                        "/occurredAt");
    }

    @Test
    void whatIsRequiredIsRequired() {
        assertThat(refusal(taskRun, downstream(), "{}").errors())
                .extracting(error -> error.pointer())
                .containsExactlyInAnyOrder("/callbackId", "/attempt", "/status");
        assertThat(refusal(taskRun, downstream(), body("c", 1, "completed", "")).status())
                .isEqualTo(422);
        assertThat(refusal(taskRun, downstream(), body("c\\u0000", 1, "RUNNING", ""))
                        .status())
                .isEqualTo(422);
        assertThat(refusal(taskRun, downstream(), body("c\\ud800", 1, "RUNNING", ""))
                        .status())
                .isEqualTo(422);
        assertThat(refusal(taskRun, downstream(), body("c".repeat(257), 1, "RUNNING", ""))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anAttemptThatHasNotBegunIs422() {
        assertThat(refusal(taskRun, downstream(), body("c", 2, "RUNNING", "")).status())
                .isEqualTo(422);
        var waiting = taskRunsOf(start("k")).get(0);
        assertThat(refusal(waiting, downstream(), body("c", 1, "COMPLETED", "")).errors())
                .extracting(error -> error.pointer())
                .containsExactly("/attempt");
    }

    @Test
    void aCancelledTaskRunTellsThatItHasEnded() {
        var run = start("other");
        runs.cancel(run, new Operator("ada", "stop"), false);
        var cancelled = taskRunsOf(run).get(0);

        var answer = ((CallbackReply.Answered) reply(cancelled, downstream(), body("c", 1, "COMPLETED", ""))).answer();

        assertThat(answer).isEqualTo(new CallbackAnswer(false, Reason.ALREADY_ENDED, "CANCELLED", null));
    }

    @Test
    void aHundredCopiesAtOnceAreAppliedOnce() {
        var replies = new ArrayList<CompletableFuture<CallbackReply>>();
        for (int i = 0; i < 100; i++) {
            replies.add(send(taskRun, grant(taskRun, 1), body("c1", 1, "COMPLETED", "")));
        }
        var answers = replies.stream()
                .map(reply -> ((CallbackReply.Answered)
                                reply.orTimeout(20, TimeUnit.SECONDS).join())
                        .answer())
                .toList();

        assertThat(answers).filteredOn(CallbackAnswer::applied).hasSize(1);
        assertThat(answers)
                .filteredOn(answer -> !answer.applied())
                .allMatch(answer -> answer.reason() == Reason.DUPLICATE && Boolean.TRUE.equals(answer.firstApplied()));
        assertThat(kept()).isEqualTo(1);
    }

    @Test
    void oneIdIsFreeAgainForAnotherTaskRun() {
        var other = taskRunsOf(start("other")).get(0);
        answer(body("c1", 1, "RUNNING", ""));

        var answer = ((CallbackReply.Answered) reply(other, downstream(), body("c1", 1, "RUNNING", ""))).answer();

        assertThat(answer.applied()).isTrue();
    }

    @Test
    void goodAndBadOnesOfOneCommitDoNotDisturbEachOther() {
        var replies = List.of(
                send("nobody", downstream(), body("c1", 1, "RUNNING", "")),
                send(taskRun, downstream(), "{"),
                send(taskRun, downstream(), body("c1", 1, "RUNNING", "")),
                send(taskRun, system("crm", Scope.CALLBACKS_WRITE), body("c2", 1, "RUNNING", "")),
                send(taskRun, downstream(), body("c3", 1, "COMPLETED", "")));
        var outcomes = replies.stream()
                .map(reply -> reply.orTimeout(20, TimeUnit.SECONDS).join())
                .map(reply -> reply instanceof CallbackReply.Refused refused
                        ? refused.problem().status()
                        : 200)
                .toList();

        assertThat(outcomes).containsExactly(404, 400, 200, 403, 200);
        assertThat(kept()).isEqualTo(2);
    }

    @Test
    void tooManyWaitingAreTurnedAwayAndAStoppedIntakeTakesNone() {
        intake.stop();

        assertThat(send(taskRun, downstream(), body("c1", 1, "RUNNING", ""))).isNull();
    }

    @Test
    void aBodyOfAnySizeIsKeptAsItCame() {
        var body = body("c1", 1, "RUNNING", ",\"message\":\"" + "ü".repeat(100_000) + "\\u0000\"");

        assertThat(answer(body).applied()).isTrue();

        assertThat(database()
                        .jdbc()
                        .sql("select body from callback")
                        .query(String.class)
                        .single())
                .isEqualTo(body);
    }
}
