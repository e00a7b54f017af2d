package io.syncline.scheduler.ops;

import static io.syncline.scheduler.testing.GroupFixture.aGroup;
import static io.syncline.scheduler.testing.TaskFixture.aSyncTask;
import static io.syncline.scheduler.testing.TaskFixture.anAsyncTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.TestRuns;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.Person;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.SqlDialect;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.LinkedMultiValueMap;
import tools.jackson.databind.json.JsonMapper;

/** What operators read and what is kept for them, on every database. */
abstract class OpsRowsContract {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private static final Caller ROOT = Caller.machine("root", null, Set.of(Scope.RUNS_READ, Scope.RUNS_OPERATE));

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private TestDatabase database;
    private JdbcClient jdbc;
    private RunViews views;
    private FirstAnswers firstAnswers;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void views() {
        database = emptyDatabase();
        jdbc = database.jdbc();
        views = new RunViews(
                new JdbcRunViews(jdbc),
                new OneGroup(),
                now::get,
                JsonMapper.builder().build(),
                TestRuns.on(database, new OneGroup(), now::get),
                (taskRun, attempt, callback) -> null);
        firstAnswers = new FirstAnswers(new JdbcFirstAnswers(jdbc), now::get, database.transactions());
    }

    @Test
    void pagesAreNewestFirstAndStableWhileRunsAreAdded() {
        for (int i = 0; i < 5; i++) {
            run("r" + i, "COMPLETED", NOON.plusSeconds(i / 2), null);
        }
        var everything = RunFilter.of(new LinkedMultiValueMap<>());

        var first = views.page(everything, null, 2, ROOT);
        run("r9", "QUEUED", NOON.plusSeconds(99), null);
        var second = views.page(everything, first.nextCursor(), 2, ROOT);
        var third = views.page(everything, second.nextCursor(), 2, ROOT);

        var ids = new ArrayList<String>();
        List.of(first, second, third).forEach(page -> page.items().forEach(run -> ids.add(run.runId())));
        assertThat(ids).containsExactly("r4", "r3", "r2", "r1", "r0");
        assertThat(third.nextCursor()).isNull();
        assertThatThrownBy(() -> views.page(filter("state", "FAILED"), first.nextCursor(), 2, ROOT))
                .isInstanceOf(ProblemException.class);
    }

    @Test
    void everyFilterHolds() {
        run("a", "RUNNING", NOON, null);
        taskRun("a", 0, "first", "RUNNING");
        jdbc.sql("update task_run set overdue_since = created_at where run_id = 'a'")
                .update();
        run("b", "RUNNING", NOON.plusSeconds(10), null);
        run("c", "COMPLETED", NOON.plusSeconds(20), null);
        taskRun("c", 0, "first", "COMPLETED");
        jdbc.sql("update task_run set overdue_since = created_at where run_id = 'c'")
                .update();

        assertThat(ids(filter("state", "RUNNING"))).containsExactly("b", "a");
        assertThat(ids(filter("overdue", "true"))).containsExactly("a");
        assertThat(ids(filter("overdue", "false"))).containsExactly("c", "b");
        assertThat(ids(filter("from", "2026-11-20T12:00:10Z"))).containsExactly("c", "b");
        assertThat(ids(filter("to", "2026-11-20T12:00:10Z"))).containsExactly("a");
        assertThat(ids(filter("group", "other"))).isEmpty();
        assertThat(ids(filter("state", "-RUNNING"))).containsExactly("c");
        assertThat(ids(filter("group", "-other"))).containsExactly("c", "b", "a");
        now.set(NOON.plusSeconds(30));
        assertThat(ids(filter("within", "PT20S"))).containsExactly("c", "b");
        assertThat(ids(filter("businessKey", "2026-11-20"))).hasSize(3);
        assertThat(views.page(filter("state", "COMPLETED"), null, 10, ROOT)
                        .items()
                        .get(0)
                        .flags())
                .containsExactly(new FlagView("OVERDUE", NOON));
    }

    @Test
    void aListTellsHowManyTasksAreDone() {
        run("a", "RUNNING", NOON, null);
        taskRun("a", 0, "first", "COMPLETED");
        taskRun("a", 1, "second", "SKIPPED");
        taskRun("a", 2, "third", "RUNNING");
        run("b", "QUEUED", NOON.plusSeconds(1), null);

        var items = views.page(RunFilter.of(new LinkedMultiValueMap<>()), null, 10, ROOT)
                .items();

        assertThat(items)
                .extracting(RunView::tasks)
                .containsExactly(RunView.TaskCounts.NONE, new RunView.TaskCounts(3, 1, 1, 0));
    }

    @Test
    void theHistoryIsPagedOldestFirst() {
        run("a", "RUNNING", NOON, null);
        var task = taskRun("a", 0, "first", "RUNNING");
        for (int i = 1; i <= 3; i++) {
            jdbc.sql(
                            "insert into journal (journal_id, run_id, task_run_id, from_state, to_state, attempt, cause, detail,"
                                    + " actor, node_id, moved_at) values (:id, 'a', :task, 'DUE', 'CALLING', :attempt, 'CLAIMED',"
                                    + " null, null, 'node', :now)")
                    .param("id", "j" + i)
                    .param("task", task)
                    .param("attempt", i)
                    .param("now", JdbcTimes.toJdbc(NOON))
                    .update();
        }

        var first = views.history("a", null, 2, Labels.ALL).orElseThrow();
        var second = views.history("a", first.nextCursor(), 2, Labels.ALL).orElseThrow();

        assertThat(first.items()).extracting(MoveView::attempt).containsExactly(1, 2);
        assertThat(second.items())
                .containsExactly(
                        new MoveView("j3", NOON, task, "first", "DUE", "CALLING", 3, "CLAIMED", null, null, "node"));
        assertThat(second.nextCursor()).isNull();
        assertThat(views.history("a", null, 2, Labels.of(Set.of("foreign")))).isEmpty();
        assertThat(views.history("none", null, 2, Labels.ALL)).isEmpty();
    }

    @Test
    void eachOpenTaskSaysWhyItWaits() {
        run("a", "RUNNING", NOON, null);
        taskRun("a", 0, "first", "RUNNING");
        taskRun("a", 1, "second", "COMPLETED");
        taskRun("a", 2, "barrier", "WAITING");
        taskRun("a", 3, "last", "WAITING");

        var tasks = views.run("a", ROOT).orElseThrow().taskRuns();

        assertThat(tasks).extracting(TaskRunView::task).containsExactly("first", "second", "barrier", "last");
        assertThat(tasks.get(0).waitsFor()).contains("accepted the work at " + NOON);
        assertThat(tasks.get(1).waitsFor()).isNull();
        assertThat(tasks.get(2).waitsFor()).contains("first").doesNotContain("second");
        assertThat(tasks.get(3).waitsFor()).contains("first, barrier");
    }

    @Test
    void aQueuedRunSaysWhatHoldsIt() {
        run("a", "RUNNING", NOON, null);
        run("b", "QUEUED", NOON.plusSeconds(1), null);
        run("c", "QUEUED", NOON.plusSeconds(2), NOON);
        taskRun("b", 0, "first", "WAITING");
        taskRun("c", 0, "first", "WAITING");
        jdbc.sql("insert into run_slot (group_key, ordering_key, active_run_id, last_place) values ('g', 'k', 'a', 1)")
                .update();

        assertThat(only("b").waitsFor()).contains("waits for run a");
        taskRun("a", 0, "stopped", "CANCELLED");
        jdbc.sql("update task_run set cancel_state = 'PENDING' where run_id = 'a'")
                .update();
        assertThat(only("b").waitsFor()).contains("until the downstream has confirmed the cancel of run a");
        jdbc.sql("update run set gated = 1 where run_id = 'b'").update();
        assertThat(only("b").waitsFor()).contains("maxActive");
        jdbc.sql("update run set gated = 0 where run_id = 'b'").update();
        assertThat(only("c").waitsFor()).contains("held since " + NOON);
        assertThat(views.run("c", ROOT).orElseThrow().flags()).containsExactly(new FlagView("HELD", NOON));
        assertThat(views.run("b", ROOT).orElseThrow().allowedActions()).containsExactly("cancel");
    }

    @Test
    void aFailureIsListedUntilItIsDealtWith() {
        run("a", "FAILED", NOON, null);
        run("b", "FAILED", NOON.plusSeconds(1), null);
        jdbc.sql("update run set unresolved_since = created_at where run_id = 'a'")
                .update();
        jdbc.sql("update run set resolution = 'RESOLVED', resolved_by = 'ada', resolved_at = created_at,"
                        + " resolution_reason = 'disk changed' where run_id = 'b'")
                .update();

        assertThat(ids(filter("unresolved", "true"))).containsExactly("a");
        assertThat(ids(filter("unresolved", "false"))).containsExactly("b");
        assertThat(views.run("b", ROOT).orElseThrow().resolution())
                .isEqualTo(new ResolutionView("RESOLVED", "ada", NOON.plusSeconds(1), null, "disk changed"));
    }

    @Test
    void aBulkJobIsWorkedOnByOneNodeAtATimeAndEachRunOnce() {
        var jobs = new JdbcBulkJobs(
                jdbc, new NamedParameterJdbcTemplate(database.dataSource()), SqlDialect.of(database.dataSource()));
        var job =
                new BulkJob("j", BulkJob.RUNNING, "cancel", "{}", "{}", "why", "ada", true, 2, null, NOON, null, null);
        jobs.insert(job, List.of("one", "two"));

        assertThat(jobs.take("node-a", NOON, NOON.plusSeconds(30))).contains(job);
        assertThat(jobs.take("node-b", NOON.plusSeconds(29), NOON.plusSeconds(60)))
                .isEmpty();
        assertThat(jobs.take("node-b", NOON.plusSeconds(30), NOON.plusSeconds(60)))
                .contains(job);
        assertThat(jobs.renew("j", "node-a", NOON.plusSeconds(90))).isFalse();
        assertThat(jobs.renew("j", "node-b", NOON.plusSeconds(90))).isTrue();
        var items = jobs.next("j", 10);
        assertThat(items).extracting(JdbcBulkJobs.Item::runId).containsExactly("one", "two");
        assertThat(jobs.begin(items.get(0))).isTrue();
        assertThat(jobs.begin(items.get(0))).isFalse();
        jobs.refusePending(items.get(0), BulkJob.FAILED, "unavailable", "was done all the same");
        jobs.refusePending(items.get(1), BulkJob.SKIPPED, "illegal-action", "the run is COMPLETED");

        assertThat(jobs.next("j", 10)).isEmpty();
        assertThat(jobs.counts(job)).isEqualTo(new BulkView.Counts(2, 0, 1, 1, 0));
        assertThat(jobs.refusals("j", 10))
                .containsExactly(
                        new BulkView.Refusal("two", BulkJob.SKIPPED, "illegal-action", "the run is COMPLETED"));
        assertThat(jobs.end("j", BulkJob.CANCELLED, "ada", NOON.plusSeconds(40)))
                .isTrue();
        assertThat(jobs.end("j", BulkJob.COMPLETED, null, NOON.plusSeconds(40))).isFalse();
        assertThat(jobs.page("ada", true, null, 10)).hasSize(1);
        assertThat(jobs.page("ada", false, null, 10))
                .as("a client of that name")
                .isEmpty();
        assertThat(jobs.page("bob", true, null, 10)).isEmpty();
        assertThat(jobs.page(null, false, null, 10)).hasSize(1);
        assertThat(jobs.purge(NOON.plusSeconds(41))).isEqualTo(1);
        assertThat(jobs.find("j")).isEmpty();
    }

    @Test
    void nothingOfABulkJobIsBegunAfterItsEnd() {
        var jobs = new JdbcBulkJobs(
                jdbc, new NamedParameterJdbcTemplate(database.dataSource()), SqlDialect.of(database.dataSource()));
        jobs.insert(
                new BulkJob("j", BulkJob.RUNNING, "cancel", "{}", "{}", "why", "ada", true, 1, null, NOON, null, null),
                List.of("one"));
        var item = jobs.next("j", 10).get(0);
        jobs.end("j", BulkJob.CANCELLED, "ada", NOON.plusSeconds(1));

        assertThat(jobs.begin(item)).isFalse();

        assertThat(jobs.next("j", 10)).containsExactly(item);
    }

    @Test
    void callsAndCallbacksStandInTheirOrder() {
        run("a", "RUNNING", NOON, null);
        var task = taskRun("a", 0, "first", "RUNNING");
        call(task, "c1", 500);
        call(task, "c2", null);
        callback(task, "k1", true);

        var view = views.taskRun(task, ROOT).orElseThrow();

        assertThat(view.calls()).extracting(TaskRunView.CallView::status).containsExactly(500, null);
        assertThat(view.earlierCalls()).isFalse();
        assertThat(view.callbacks()).singleElement().satisfies(callback -> {
            assertThat(callback.callbackId()).isEqualTo("k1");
            assertThat(callback.sequence()).isNull();
            assertThat(callback.applied()).isTrue();
        });
        assertThat(view.reconciliation().get("missing").intValue()).isEqualTo(1);
    }

    @Test
    void aRunThatFailedATaskMayBeRerunWhileItRuns() {
        run("a", "RUNNING", NOON, null);
        taskRun("a", 0, "first", "FAILED");

        assertThat(views.run("a", ROOT).orElseThrow().allowedActions()).containsExactly("cancel", "rerun-failed");
    }

    @Test
    void unknownIdsAreNotFound() {
        assertThat(views.run("nothing", ROOT)).isEmpty();
        assertThat(views.taskRun("nothing", ROOT)).isEmpty();
    }

    @Test
    void queueDepthCountsWhatIsDueAlone() {
        run("a", "RUNNING", NOON, null);
        taskRun("a", 0, "first", "DUE");
        taskRun("a", 1, "second", "WAITING");
        run("b", "QUEUED", NOON, null);
        jdbc.sql("update task_run set due_at = created_at where state = 'DUE'").update();

        var depth = new JdbcQueueDepths(jdbc).depth(NOON, Labels.ALL);

        assertThat(depth.due()).isEqualTo(new ClusterView.BoundedCount(1, "eq"));
        assertThat(depth.systems()).containsExactly(new ClusterView.SystemDepth("s", 1));
        assertThat(depth.queuedRuns()).isEqualTo(new ClusterView.BoundedCount(1, "eq"));
    }

    @Test
    void runsOfForeignGroupsAreAbsentAndPagesStayFull() {
        label("g", "billing");
        label("other", "risk");
        for (int i = 0; i < 6; i++) {
            run("r" + i, "RUNNING", NOON.plusSeconds(i), null);
            if (i % 2 == 0) {
                jdbc.sql("update run set group_key = 'other' where run_id = 'r" + i + "'")
                        .update();
            }
        }
        var task = taskRun("r0", 0, "first", "DUE");
        jdbc.sql("update task_run set group_key = 'other', due_at = created_at").update();
        var bea = person(Set.of(Scope.RUNS_READ), Labels.of(Set.of("billing", "bills")));
        var everything = RunFilter.of(new LinkedMultiValueMap<>());

        var first = views.page(everything, null, 2, bea);
        var second = views.page(everything, first.nextCursor(), 2, bea);

        assertThat(first.items()).extracting(RunView::runId).containsExactly("r5", "r3");
        assertThat(second.items()).extracting(RunView::runId).containsExactly("r1");
        assertThat(second.nextCursor()).isNull();
        assertThat(views.page(filter("group", "other"), null, 9, bea).items()).isEmpty();
        assertThat(views.run("r1", bea)).isPresent();
        assertThat(views.run("r0", bea)).isEmpty();
        assertThat(views.taskRun(task, bea)).isEmpty();
        assertThat(views.exists("r0", bea.labels())).isFalse();
        assertThat(views.taskRun(task, ROOT)).isPresent();
        var nobody = person(Set.of(Scope.RUNS_READ), Labels.of(Set.of()));
        assertThat(views.page(everything, null, 9, nobody).items()).isEmpty();
        now.set(NOON.plusSeconds(60));
        assertThat(counted(views.histogram(everything, bea))).isEqualTo(3);
        assertThat(counted(views.histogram(filter("group", "other"), bea))).isZero();
        assertThat(counted(views.histogram(everything, nobody))).isZero();
        assertThat(counted(views.histogram(everything, ROOT))).isEqualTo(6);
        var depths = new JdbcQueueDepths(jdbc);
        assertThat(depths.depth(NOON, bea.labels()).systems()).isEmpty();
        assertThat(depths.depth(NOON, Labels.of(Set.of("risk"))).systems())
                .containsExactly(new ClusterView.SystemDepth("s", 1));
    }

    @Test
    void allowedActionsAreThoseOfTheCaller() {
        label("g", "billing");
        run("a", "RUNNING", NOON, null);
        var labels = Labels.of(Set.of("billing"));

        var everything = RunFilter.of(new LinkedMultiValueMap<>());
        var viewer = person(Set.of(Scope.RUNS_READ), labels);
        var operator = person(Set.of(Scope.RUNS_READ, Scope.RUNS_OPERATE), labels);

        assertThat(views.run("a", viewer).orElseThrow().allowedActions()).isEmpty();
        assertThat(views.page(everything, null, 9, viewer).items().get(0).allowedActions())
                .isEmpty();
        assertThat(views.run("a", operator).orElseThrow().allowedActions()).containsExactly("cancel");
    }

    private void label(String group, String label) {
        jdbc.sql("insert into task_group (group_key, latest_version, created_at) values (:group, 1, :now)")
                .param("group", group)
                .param("now", JdbcTimes.toJdbc(NOON))
                .update();
        jdbc.sql("insert into task_group_label (group_key, label) values (:group, :label)")
                .param("group", group)
                .param("label", label)
                .update();
    }

    private static Caller person(Set<Scope> scopes, Labels labels) {
        return new Caller("bea", null, scopes, null, new Person("bea", Set.of(), labels, NOON));
    }

    @Test
    void auditEntriesArePagedNewestFirst() {
        var entries = new JdbcAuditEntries(jdbc);
        for (int i = 0; i < 3; i++) {
            entries.insert(new AuditEntry(
                    "a" + i, NOON.plusSeconds(i), "me", "API", "cancel", "run", "r" + i, "because", "[]", null));
        }

        assertThat(entries.page(AuditFilter.NONE, null, 2))
                .extracting(AuditEntry::auditId)
                .containsExactly("a2", "a1");
        assertThat(entries.page(audits("kind", "run", "actor", "me"), "a1", 2))
                .extracting(AuditEntry::auditId)
                .containsExactly("a0");
        assertThat(entries.page(audits("object", "run:r1"), null, 2))
                .extracting(AuditEntry::auditId)
                .containsExactly("a1");
    }

    @Test
    void auditEntriesAreFoundByWhatWasDoneWhenAndHow() {
        var entries = new JdbcAuditEntries(jdbc);
        for (int i = 0; i < 3; i++) {
            entries.insert(new AuditEntry(
                    "a" + i,
                    NOON.plusSeconds(i),
                    "me",
                    i == 1 ? "PORTAL" : "PLAN",
                    i == 0 ? "put" : "delete",
                    "group",
                    "g",
                    null,
                    null,
                    null));
        }

        assertThat(entries.page(audits("action", "delete", "how", "PLAN"), null, 5))
                .extracting(AuditEntry::auditId)
                .containsExactly("a2");
        assertThat(entries.page(
                        audits(
                                "object",
                                "group",
                                "from",
                                NOON.plusSeconds(1).toString(),
                                "to",
                                NOON.plusSeconds(2).toString()),
                        null,
                        5))
                .extracting(AuditEntry::auditId)
                .containsExactly("a1");
        assertThatThrownBy(() -> audits("how", "MAIL", "from", "noon", "who", "me"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.body().toString()).contains("how", "from", "who"));
    }

    private static AuditFilter audits(String... namesAndValues) {
        var query = new LinkedMultiValueMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            query.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return AuditFilter.of(query);
    }

    @Test
    void theSecondCallUnderAKeyGetsTheFirstAnswer() {
        var first = firstAnswers.begin("call", "print");
        assertThat(first.answer()).isEmpty();
        firstAnswers.keep(answered(first, 200, "{\"a\":1}"));

        assertThat(firstAnswers.begin("call", "print").answer().orElseThrow().body())
                .isEqualTo("{\"a\":1}");
        assertThatThrownBy(() -> firstAnswers.begin("call", "another print"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(422));
    }

    @Test
    void aCallThatIsBeingAnsweredIsNotBegunTwiceUnlessItsNodeDied() {
        firstAnswers.begin("call", "print");

        assertThatThrownBy(() -> firstAnswers.begin("call", "print"))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(409));
        now.updateAndGet(before -> before.plus(FirstAnswers.LONGEST_CALL).plusSeconds(1));
        assertThat(firstAnswers.begin("call", "print").answer()).isEmpty();
    }

    @Test
    void aFreedKeyBeginsAnewAndOldAnswersArePurged() {
        firstAnswers.begin("call", "print");
        firstAnswers.free("call");
        var again = firstAnswers.begin("call", "print");
        firstAnswers.keep(answered(again, 204, ""));
        now.updateAndGet(before -> before.plus(FirstAnswers.KEPT).plusSeconds(1));

        firstAnswers.purge();

        assertThat(jdbc.sql("select count(*) from idempotent_call")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    private static FirstAnswer answered(FirstAnswers.Begun begun, int status, String body) {
        return new FirstAnswer("call", "print", begun.at(), status, "application/json", null, body);
    }

    private TaskRunView only(String runId) {
        return views.run(runId, ROOT).orElseThrow().taskRuns().get(0);
    }

    private static long counted(RunHistogram histogram) {
        return histogram.spans().stream().mapToLong(span -> span.runs().value()).sum();
    }

    private List<String> ids(RunFilter filter) {
        return views.page(filter, null, 10, ROOT).items().stream()
                .map(RunView::runId)
                .toList();
    }

    private static RunFilter filter(String name, String value) {
        var query = new LinkedMultiValueMap<String, String>();
        query.add(name, value);
        return RunFilter.of(query);
    }

    private void run(String id, String state, Instant createdAt, @Nullable Instant heldSince) {
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, business_key, ordering_key, trigger_id, trigger_body,
                                         state, inbox_place, held_since, version, created_at)
                        values (:id, 'g', 1, '2026-11-20', 'k', 't', '{}', :state, 1, :held, 0, :created)
                        """)
                .param("id", id)
                .param("state", state)
                .param("held", JdbcTimes.toJdbcOrNull(heldSince), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("created", JdbcTimes.toJdbc(createdAt))
                .update();
    }

    private String taskRun(String runId, int number, String task, String state) {
        var id = runId + "-" + task;
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                                              system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                                              unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state,
                                              created_at, accepted_at, reconciliation)
                        values (:id, :run, 'g', 1, 'k', :task, :number, 's', :state, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 'NONE',
                                :now, :now, '{"missing":1}')
                        """)
                .param("id", id)
                .param("run", runId)
                .param("task", task)
                .param("number", number)
                .param("state", state)
                .param("now", JdbcTimes.toJdbc(NOON))
                .update();
        return id;
    }

    private void call(String taskRun, String id, @Nullable Integer status) {
        jdbc.sql("""
                        insert into call (call_id, task_run_id, run_id, kind, attempt, round, fence, called_at, duration_ms,
                                          http_status, outcome, applied, node_id)
                        values (:id, :taskRun, 'a', 'SYNC', 1, 1, 1, :now, 12, :status, 'UNKNOWN', 1, 'n')
                        """)
                .param("id", id)
                .param("taskRun", taskRun)
                .param("now", JdbcTimes.toJdbc(NOON))
                .param("status", status, java.sql.Types.INTEGER)
                .update();
    }

    private void callback(String taskRun, String id, boolean applied) {
        jdbc.sql("""
                        insert into callback (task_run_id, callback_id, run_id, attempt, status, applied, body, received_at)
                        values (:taskRun, :id, 'a', 1, 'RUNNING', :applied, '{}', :now)
                        """)
                .param("id", id)
                .param("taskRun", taskRun)
                .param("applied", applied ? 1 : 0)
                .param("now", JdbcTimes.toJdbc(NOON))
                .update();
    }

    private static final class OneGroup implements TaskGroups {

        private final TaskGroup group = aGroup("g")
                .with(
                        anAsyncTask("first").on("s"),
                        anAsyncTask("second").on("s"),
                        aSyncTask("barrier").on("s"),
                        anAsyncTask("last").on("s"))
                .build();

        @Override
        public Optional<TaskGroup> current(String key) {
            return Optional.of(group);
        }

        @Override
        public TaskGroup version(String key, int version) {
            return group;
        }

        @Override
        public List<TaskGroup> matching(String source, String type) {
            return List.of();
        }

        @Override
        public List<TaskGroup> all() {
            return List.of();
        }

        @Override
        public Set<String> withinReach(Labels labels, Collection<String> keys) {
            return Set.copyOf(keys);
        }

        @Override
        public Optional<Instant> pausedSince(String key) {
            return Optional.empty();
        }

        @Override
        public Optional<Instant> pausedSinceAndHold(String key) {
            return Optional.empty();
        }
    }
}
