package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.ops.JdbcOverview.FailedGroup;
import io.syncline.scheduler.ops.JdbcOverview.Flagged;
import io.syncline.scheduler.ops.OverviewView.RunState;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.testing.TestDatabase;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the first page reads, on every database. */
abstract class OverviewRowsContract {

    static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Labels BILLING = Labels.of(Set.of("billing"));

    JdbcClient jdbc;
    JdbcOverview rows;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void twoGroups() {
        jdbc = emptyDatabase().jdbc();
        rows = new JdbcOverview(jdbc);
        group("plans", "billing");
        group("prices", "risk");
    }

    @Test
    void onlyFailuresThatNobodySettledAreTold() {
        failed("old", "plans", NOON.minusSeconds(60), NOON.minusSeconds(60));
        failed("new", "plans", NOON.minusSeconds(30), NOON.minusSeconds(30));
        failed("settled", "prices", NOON.minusSeconds(10), null);

        var groups = rows.failedGroups(Labels.ALL);
        var unresolved = rows.unresolved(List.of("plans", "prices"));

        assertThat(groups).containsExactly(new FailedGroup("plans", NOON.minusSeconds(60)));
        assertThat(unresolved.get("plans"))
                .extracting(JdbcOverview.Unresolved::runId)
                .containsExactly("new", "old");
        assertThat(unresolved).doesNotContainKey("prices");
    }

    @Test
    void failuresAreCountedNoFurtherThanTheBound() {
        for (int i = 0; i < JdbcOverview.MOST_COUNTED + 50; i++) {
            failed("r" + i, "plans", NOON.plusSeconds(i), NOON.plusSeconds(i));
        }

        assertThat(rows.unresolved(List.of("plans")).get("plans")).hasSize(JdbcOverview.MOST_COUNTED + 1);
    }

    @Test
    void theFirstFailedTaskSaysWhy() {
        failed("r", "plans", NOON, NOON);
        task("r", "plans", 1, "second", "FAILED", "REFUSED", "later", null);
        task("r", "plans", 0, "first", "FAILED", "TIMED_OUT", "too long", null);
        task("r", "plans", 2, "third", "CANCELLED", "PREDECESSOR_FAILED", null, null);

        assertThat(rows.failedTasks(List.of("r")).get("r"))
                .isEqualTo(new JdbcOverview.FailedTask("first", "TIMED_OUT", "too long"));
    }

    @Test
    void lateAndSilentTasksAreToldWhileTheyAreOpen() {
        run("a", "plans", "RUNNING", NOON, null, null);
        run("b", "prices", "RUNNING", NOON, null, null);
        task("a", "plans", 0, "open", "RUNNING", null, null, null);
        task("a", "plans", 1, "ended", "COMPLETED", null, null, NOON);
        task("b", "prices", 0, "silent", "RUNNING", null, null, null);
        task("b", "prices", 1, "fine", "RUNNING", null, null, null);
        jdbc.sql("update task_run set overdue_since = created_at where task_key in ('open', 'ended')")
                .update();
        jdbc.sql("update task_run set silent_since = created_at where task_key = 'silent'")
                .update();

        assertThat(rows.flagged(Labels.ALL)).extracting(Flagged::task).containsExactly("open", "silent");
        assertThat(rows.flagged(BILLING)).extracting(Flagged::runId).containsExactly("a");
    }

    @Test
    void rejectedMessagesStayUntilACorrectedCopyCameIn() {
        message("bad", "/erp", "REJECTED", NOON.minusSeconds(60), null);
        message("mended", "/erp", "REJECTED", NOON.minusSeconds(50), null);
        message("copy", "/erp", "ACCEPTED", NOON.minusSeconds(40), "mended");
        message("tried", "/erp", "REJECTED", NOON.minusSeconds(30), null);
        message("copy-of-tried", "/erp", "REJECTED", NOON.minusSeconds(20), "tried");
        message("yesterday", "/erp", "REJECTED", NOON.minus(Duration.ofHours(25)), null);

        assertThat(rows.rejected(NOON, Labels.ALL))
                .extracting(JdbcOverview.Rejected::triggerId)
                .containsExactly("copy-of-tried", "tried", "bad");
        assertThat(rows.rejected(NOON, BILLING)).isEmpty();
    }

    @Test
    void eachGroupShowsItsLastTwentyRunsOldestFirst() {
        IntStream.range(0, 25)
                .forEach(i -> run(
                        "r%02d".formatted(i),
                        "plans",
                        "COMPLETED",
                        NOON.plusSeconds(i),
                        NOON.plusSeconds(i),
                        NOON.plusSeconds(i + 10)));
        run("other", "prices", "FAILED", NOON, NOON, NOON);

        var strips = rows.strips(List.of("plans", "prices"));

        assertThat(strips.get("plans")).hasSize(20).startsWith(new RunState("r05", "COMPLETED"));
        assertThat(strips.get("prices")).containsExactly(new RunState("other", "FAILED"));
        assertThat(rows.groups(Labels.ALL))
                .extracting(JdbcOverview.Group::lastSuccess)
                .containsExactly(NOON.plusSeconds(34), null);
        assertThat(rows.groups(BILLING)).extracting(JdbcOverview.Group::key).containsExactly("plans");
        assertThat(rows.lastSuccesses(List.of("plans", "prices")))
                .containsExactly(java.util.Map.entry("plans", NOON.plusSeconds(34)));
        assertThat(rows.lastSuccesses(List.of())).isEmpty();
    }

    @Test
    void theMedianIsOfTheLastSuccesses() {
        run("ages", "plans", "COMPLETED", NOON.minusSeconds(9000), NOON.minusSeconds(9000), NOON.minusSeconds(1));
        for (int i = 1; i <= 10; i++) {
            run("r" + i, "plans", "COMPLETED", NOON, NOON, NOON.plusSeconds(i));
        }

        assertThat(rows.medians(List.of("plans", "prices")))
                .containsExactly(java.util.Map.entry("plans", Duration.ofSeconds(6)));
    }

    @Test
    void theLastFailureIsWithinReach() {
        failed("r1", "prices", NOON, null);
        failed("r2", "plans", NOON.minusSeconds(100), null);

        assertThat(rows.lastFailure(Labels.ALL)).contains(NOON);
        assertThat(rows.lastFailure(BILLING)).contains(NOON.minusSeconds(100));
    }

    @Test
    void whoReachesNothingIsToldNothing() {
        failed("r", "plans", NOON, NOON);
        var nobody = Labels.of(Set.of());

        assertThat(rows.failedGroups(nobody)).isEmpty();
        assertThat(rows.groups(nobody)).isEmpty();
        assertThat(rows.lastFailure(nobody)).isEmpty();
        assertThat(rows.unresolved(List.of())).isEmpty();
    }

    void group(String key, String label) {
        jdbc.sql("insert into task_group (group_key, latest_version, created_at) values (:group, 1, :now)")
                .param("group", key)
                .param("now", JdbcTimes.toJdbc(NOON))
                .update();
        jdbc.sql("insert into task_group_label (group_key, label) values (:group, :label)")
                .param("group", key)
                .param("label", label)
                .update();
    }

    private void failed(String id, String group, Instant endedAt, @Nullable Instant unresolvedSince) {
        run(id, group, "FAILED", endedAt, endedAt, endedAt);
        jdbc.sql("update run set unresolved_since = :since where run_id = :run")
                .param("since", JdbcTimes.toJdbcOrNull(unresolvedSince), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("run", id)
                .update();
    }

    private void run(
            String id,
            String group,
            String state,
            Instant createdAt,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt) {
        jdbc.sql("""
                        insert into run (run_id, group_key, group_version, ordering_key, trigger_id, trigger_body, state,
                               inbox_place, version, created_at, started_at, ended_at)
                        values (:run, :group, 1, 'k', 't', '{}', :state, 1, 1, :created, :started, :ended)
                        """)
                .param("run", id)
                .param("group", group)
                .param("state", state)
                .param("created", JdbcTimes.toJdbc(createdAt))
                .param("started", JdbcTimes.toJdbcOrNull(startedAt), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("ended", JdbcTimes.toJdbcOrNull(endedAt), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    private void task(
            String run,
            String group,
            int number,
            String key,
            String state,
            @Nullable String cause,
            @Nullable String message,
            @Nullable Instant endedAt) {
        jdbc.sql("""
                        insert into task_run (task_run_id, run_id, group_key, group_version, ordering_key, task_key, task_no,
                               system_key, state, attempt, round, fence, version, attempt_round, failed_calls,
                               unreadable_calls, unauthorized_calls, failed_reports, manual, cancel_state,
                               created_at, cause, message, ended_at)
                        values (:id, :run, :group, 1, 'k', :key, :number, 's', :state, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 'NONE',
                               :now, :cause, :message, :ended)
                        """)
                .param("id", run + "-" + key)
                .param("run", run)
                .param("group", group)
                .param("key", key)
                .param("number", number)
                .param("state", state)
                .param("now", JdbcTimes.toJdbc(NOON))
                .param("cause", cause, Types.VARCHAR)
                .param("message", message, Types.VARCHAR)
                .param("ended", JdbcTimes.toJdbcOrNull(endedAt), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    private void message(String id, String source, String status, Instant at, @Nullable String resubmitOf) {
        jdbc.sql("""
                        insert into trigger_message (trigger_id, source, message_id, event_type, status, content_hash,
                               event_body, client_id, transport, received_at, resubmit_of)
                        values (:id, :source, :id, 'ready', :status, 'hash', '{}', 'erp', 'REST', :at, :of)
                        """)
                .param("id", id)
                .param("source", source)
                .param("status", status)
                .param("at", JdbcTimes.toJdbc(at))
                .param("of", resubmitOf, Types.VARCHAR)
                .update();
    }
}
