package io.syncline.scheduler.ops;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.ops.RunView.TaskCounts;
import io.syncline.scheduler.ops.TaskRunView.CallView;
import io.syncline.scheduler.ops.TaskRunView.CallbackView;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.RunState;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads runs for operators; every query is bounded, none counts. */
@Repository
class JdbcRunViews {

    /** Of a task run that is polled for hours the newest calls tell all that matters. */
    static final int MOST_CALLS = 500;

    private static final String RUNS = """
            select r.run_id, r.group_key, r.group_version, r.business_key, r.ordering_key, r.trigger_id, r.state,
                   r.held_since, r.merged_into, r.rerun_of, r.traceparent, r.created_at, r.started_at, r.ended_at,
                   r.resolution, r.resolved_by, r.resolved_at, r.resolution_until, r.resolution_reason,
                   (select max(g.latest_version) from task_group g
                     where g.group_key = r.group_key and g.deleted_at is null) as current_version
            from run r
            """;

    private static final String RUN = RUNS + "where r.run_id = :run";

    private static final String RUN_WITHIN_REACH = RUN + " and " + WithinReach.groups("r.group_key");

    private static final String OVERDUE_RUN =
            "exists (select 1 from task_run t where t.run_id = r.run_id and t.overdue_since is not null)";

    /** What the task runs of some runs add to the view of their run. */
    private static final String FLAGS_OF_RUNS = """
            select run_id, min(overdue_since) as overdue_since, min(conflict_since) as conflict_since,
                   min(silent_since) as silent_since,
                   count(*) as tasks,
                   sum(case when state = 'COMPLETED' then 1 else 0 end) as completed_tasks,
                   sum(case when state = 'SKIPPED' then 1 else 0 end) as skipped_tasks,
                   sum(case when state = 'FAILED' then 1 else 0 end) as failed_tasks
            from task_run
            where run_id in (:runs)
            group by run_id
            """;

    private static final String TASK_RUN_COLUMNS = """
            select task_run_id, run_id, group_key, group_version, task_key, task_no, system_key, state, attempt, round,
                   cause, message, manual, cancel_state, due_at, lease_until, lease_node, deadline_at, overdue_since,
                   conflict_since, silent_since, failed_calls, accepted_at, reported_at, progress, files, reconciliation, result,
                   started_at, ended_at
            from task_run
            """;

    private static final String TASK_RUNS = TASK_RUN_COLUMNS + "where run_id = :run order by task_no";

    private static final String RUN_OF_TASK_RUN = "select run_id from task_run where task_run_id = :taskRun";

    private static final String TURN = """
            select r.keyed, r.gated, s.active_run_id,
                   (select count(*) from task_run t
                     where t.run_id = s.active_run_id and t.cancel_state = 'PENDING') as pending_cancels
            from run r
            left join run_slot s on s.group_key = r.group_key and s.ordering_key = r.ordering_key
            where r.run_id = :run
            """;

    private static final String CALLS = """
            select task_run_id, call_id, kind, attempt, round, called_at, duration_ms, instance, http_status, outcome, detail
            from (select c.call_id, c.task_run_id, c.kind, c.attempt, c.round, c.called_at, c.duration_ms, c.instance,
                         c.http_status, c.outcome, c.detail,
                         row_number() over (partition by c.task_run_id order by c.call_id desc) as newest
                  from call c
                  where c.task_run_id in (:taskRuns)) numbered
            where newest <= :most
            order by call_id
            """;

    private static final String CALL = """
            select c.task_run_id, c.run_id, t.task_key, c.call_id, c.kind, c.attempt, c.round, c.called_at, c.duration_ms,
                   c.instance, c.http_status, c.outcome, c.detail, c.applied, c.node_id, c.transcript
            from call c
            join task_run t on t.task_run_id = c.task_run_id
            where c.call_id = :call and c.task_run_id = :taskRun
            """;

    private static final String MOVES = """
            select j.journal_id, j.moved_at, j.task_run_id, t.task_key, j.from_state, j.to_state, j.attempt, j.cause,
                   j.detail, j.actor, j.node_id
            from journal j
            left join task_run t on t.task_run_id = j.task_run_id
            where j.run_id = :run and j.journal_id > :after
            order by j.journal_id
            fetch first %d rows only
            """;

    /** Before every id. */
    private static final String FIRST = "0";

    private static final String CALLBACKS = """
            select task_run_id, callback_id, attempt, sequence_no, status, applied, reason, received_at
            from (select k.task_run_id, k.callback_id, k.attempt, k.sequence_no, k.status, k.applied, k.reason,
                         k.received_at,
                         row_number() over (partition by k.task_run_id order by k.received_at desc, k.callback_id) as newest
                  from callback k
                  where k.task_run_id in (:taskRuns)) numbered
            where newest <= :most
            order by received_at, callback_id
            """;

    private final JdbcClient jdbc;

    JdbcRunViews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One more than {@code limit} is read, so that the caller knows whether there is a next part. */
    List<RunView> page(RunFilter filter, @Nullable Position after, int limit, Labels labels) {
        var query = new ListQuery(filter, after, limit + 1, labels);
        return withFlags(jdbc.sql(query.sql)
                .params(query.parameters)
                .query(JdbcRunViews::run)
                .list());
    }

    /** The ids of the first runs of a filter, oldest first. */
    List<String> ids(RunFilter filter, int limit, Labels labels) {
        var query = new ListQuery(filter, null, limit, labels);
        return jdbc.sql(query.ids).params(query.parameters).query(String.class).list();
    }

    /**
     * How many runs of each span are in each state, by its place; of a span no more than its newest
     * {@link RunHistogram#MOST_COUNTED} and one are counted.
     */
    Map<Integer, Map<String, Integer>> states(RunFilter filter, List<RunHistogram.Bounds> spans, Labels labels) {
        var states = new HashMap<Integer, Map<String, Integer>>();
        if (spans.isEmpty()) {
            return states;
        }
        var query = new HistogramQuery(filter, spans, labels);
        jdbc.sql(query.sql).params(query.parameters).query(row -> {
            states.computeIfAbsent(row.getInt("span_no"), span -> new TreeMap<>())
                    .put(row.getString("state"), row.getInt("runs"));
        });
        return states;
    }

    Optional<Stored> find(String runId, Labels labels) {
        var query = labels.all()
                ? jdbc.sql(RUN)
                : jdbc.sql(RUN_WITHIN_REACH).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return query.param("run", runId)
                .query((row, number) -> new Stored(run(row, number), instantOrNull(row, "held_since")))
                .optional()
                .map(stored -> new Stored(withFlags(List.of(stored.view())).get(0), stored.heldSince()));
    }

    Optional<String> runOfTaskRun(String taskRunId) {
        return jdbc.sql(RUN_OF_TASK_RUN)
                .param("taskRun", taskRunId)
                .query(String.class)
                .optional();
    }

    List<TaskRunRow> taskRuns(String runId) {
        return jdbc.sql(TASK_RUNS)
                .param("run", runId)
                .query(JdbcRunViews::taskRun)
                .list();
    }

    Turn turn(String runId) {
        return jdbc.sql(TURN)
                .param("run", runId)
                .query((row, number) -> new Turn(
                        row.getInt("keyed") == 1,
                        row.getInt("gated") == 1,
                        row.getString("active_run_id"),
                        row.getInt("pending_cancels") > 0))
                .single();
    }

    /** The newest calls of each task run, oldest first; one more than {@link #MOST_CALLS} when there are more. */
    Map<String, List<CallView>> calls(List<String> taskRunIds) {
        var calls = new HashMap<String, List<CallView>>();
        jdbc.sql(CALLS)
                .param("taskRuns", taskRunIds)
                .param("most", MOST_CALLS + 1)
                .query(row -> {
                    calls.computeIfAbsent(row.getString("task_run_id"), id -> new ArrayList<>())
                            .add(call(row));
                });
        return calls;
    }

    Optional<StoredCall> call(String taskRunId, String callId) {
        return jdbc.sql(CALL)
                .param("call", callId)
                .param("taskRun", taskRunId)
                .query((row, number) -> new StoredCall(
                        call(row),
                        row.getString("task_run_id"),
                        row.getString("run_id"),
                        row.getString("task_key"),
                        row.getInt("applied") == 1,
                        row.getString("node_id"),
                        row.getString("transcript")))
                .optional();
    }

    /** The changes of state of a run and of its task runs, oldest first. */
    List<MoveView> moves(String runId, @Nullable String after, int most) {
        return jdbc.sql(MOVES.formatted(most))
                .param("run", runId)
                .param("after", after == null ? FIRST : after)
                .query((row, number) -> new MoveView(
                        row.getString("journal_id"),
                        instant(row, "moved_at"),
                        row.getString("task_run_id"),
                        row.getString("task_key"),
                        row.getString("from_state"),
                        row.getString("to_state"),
                        row.getObject("attempt", Integer.class),
                        row.getString("cause"),
                        row.getString("detail"),
                        row.getString("actor"),
                        row.getString("node_id")))
                .list();
    }

    Map<String, List<CallbackView>> callbacks(List<String> taskRunIds) {
        var callbacks = new HashMap<String, List<CallbackView>>();
        jdbc.sql(CALLBACKS)
                .param("taskRuns", taskRunIds)
                .param("most", MOST_CALLS)
                .query(row -> {
                    callbacks
                            .computeIfAbsent(row.getString("task_run_id"), id -> new ArrayList<>())
                            .add(callback(row));
                });
        return callbacks;
    }

    private List<RunView> withFlags(List<RunView> runs) {
        if (runs.isEmpty()) {
            return runs;
        }
        var flagged = new HashMap<String, RunView>();
        var byId = new HashMap<String, RunView>();
        runs.forEach(run -> byId.put(run.runId(), run));
        jdbc.sql(FLAGS_OF_RUNS).param("runs", List.copyOf(byId.keySet())).query(row -> {
            var run = byId.get(row.getString("run_id"));
            if (run != null) {
                var flags = new ArrayList<>(run.flags());
                flags.addAll(FlagView.of(
                        null,
                        instantOrNull(row, "overdue_since"),
                        instantOrNull(row, "conflict_since"),
                        instantOrNull(row, "silent_since")));
                var hasGroup = run.allowedActions().contains(RunAction.RERUN.wire())
                        || !RunState.valueOf(run.state()).isEnded();
                flagged.put(
                        run.runId(),
                        run.with(
                                flags,
                                actions(run.state(), row.getInt("failed_tasks") > 0, hasGroup),
                                new TaskCounts(
                                        row.getInt("tasks"),
                                        row.getInt("completed_tasks"),
                                        row.getInt("skipped_tasks"),
                                        row.getInt("failed_tasks")),
                                null));
            }
        });
        return runs.stream().map(run -> flagged.getOrDefault(run.runId(), run)).toList();
    }

    private static List<String> actions(String state, boolean hasFailed, boolean hasGroup) {
        return RunAction.allowedIn(RunState.valueOf(state), hasFailed, hasGroup).stream()
                .map(RunAction::wire)
                .sorted()
                .toList();
    }

    private static RunView run(ResultSet row, int number) throws SQLException {
        return new RunView(
                row.getString("run_id"),
                row.getString("group_key"),
                row.getInt("group_version"),
                row.getString("business_key"),
                row.getString("ordering_key"),
                row.getString("trigger_id"),
                row.getString("state"),
                FlagView.of(instantOrNull(row, "held_since"), null, null, null),
                row.getString("merged_into"),
                row.getString("rerun_of"),
                instant(row, "created_at"),
                instantOrNull(row, "started_at"),
                instantOrNull(row, "ended_at"),
                resolution(row),
                actions(row.getString("state"), false, row.getObject("current_version") != null),
                TaskCounts.NONE,
                traceId(row.getString("traceparent")),
                null);
    }

    /** {@code 00-<trace id>-<span id>-<flags>} */
    private static @Nullable String traceId(@Nullable String traceparent) {
        return traceparent == null || traceparent.length() < 35 ? null : traceparent.substring(3, 35);
    }

    private static @Nullable ResolutionView resolution(ResultSet row) throws SQLException {
        return row.getString("resolution") == null
                ? null
                : new ResolutionView(
                        row.getString("resolution"),
                        row.getString("resolved_by"),
                        instant(row, "resolved_at"),
                        instantOrNull(row, "resolution_until"),
                        row.getString("resolution_reason"));
    }

    private static TaskRunRow taskRun(ResultSet row, int number) throws SQLException {
        return new TaskRunRow(
                row.getString("task_run_id"),
                row.getString("run_id"),
                row.getString("group_key"),
                row.getInt("group_version"),
                row.getString("task_key"),
                row.getInt("task_no"),
                row.getString("system_key"),
                row.getString("state"),
                row.getInt("attempt"),
                row.getInt("round"),
                row.getString("cause"),
                row.getString("message"),
                row.getInt("manual") == 1,
                row.getString("cancel_state"),
                instantOrNull(row, "due_at"),
                instantOrNull(row, "lease_until"),
                row.getString("lease_node"),
                instantOrNull(row, "deadline_at"),
                instantOrNull(row, "overdue_since"),
                instantOrNull(row, "conflict_since"),
                instantOrNull(row, "silent_since"),
                row.getInt("failed_calls"),
                instantOrNull(row, "accepted_at"),
                instantOrNull(row, "reported_at"),
                row.getString("progress"),
                row.getString("files"),
                row.getString("reconciliation"),
                row.getString("result"),
                instantOrNull(row, "started_at"),
                instantOrNull(row, "ended_at"));
    }

    private static CallView call(ResultSet row) throws SQLException {
        return new CallView(
                row.getString("call_id"),
                row.getString("kind"),
                row.getInt("attempt"),
                row.getInt("round"),
                instant(row, "called_at"),
                row.getLong("duration_ms"),
                row.getString("instance"),
                row.getObject("http_status", Integer.class),
                row.getString("outcome"),
                row.getString("detail"));
    }

    private static CallbackView callback(ResultSet row) throws SQLException {
        return new CallbackView(
                row.getString("callback_id"),
                row.getInt("attempt"),
                row.getObject("sequence_no", Long.class),
                row.getString("status"),
                row.getInt("applied") == 1,
                row.getString("reason"),
                instant(row, "received_at"));
    }

    /** A run, and since when it is held. */
    record Stored(RunView view, @Nullable Instant heldSince) {}

    /** The last run of a page: newest first, ties by id. */
    record Position(Instant createdAt, String runId) {}

    /** The list's statement, with the conditions that the filter needs and no others, so that an index can serve each. */
    static final class ListQuery {

        final String sql;

        /** The ids alone, oldest first. */
        final String ids;

        final Map<String, Object> parameters;

        ListQuery(RunFilter filter, @Nullable Position after, int rows, Labels labels) {
            var conditions = new Conditions(filter, labels);
            parameters = conditions.parameters;
            if (after != null) {
                conditions.add("(r.created_at < :afterTime or (r.created_at = :afterTime and r.run_id < :afterRun))");
                parameters.put("afterTime", JdbcTimes.toJdbc(after.createdAt()));
                parameters.put("afterRun", after.runId());
            }
            var where = conditions.where();
            ids = "select r.run_id from run r\n" + where + "order by r.created_at, r.run_id\nfetch first " + rows
                    + " rows only";
            sql = RUNS + where + "order by r.created_at desc, r.run_id desc\nfetch first " + rows + " rows only";
        }
    }

    /** One statement that asks the same of each span, so that each is served by an index and bounded by itself. */
    static final class HistogramQuery {

        final String sql;
        final Map<String, Object> parameters = new HashMap<>();

        HistogramQuery(RunFilter filter, List<RunHistogram.Bounds> spans, Labels labels) {
            var statement = new StringBuilder();
            for (int i = 0; i < spans.size(); i++) {
                var conditions = new Conditions(filter.atAnyTime(), labels);
                conditions.add("r.created_at >= :begin" + i);
                conditions.add("r.created_at < :end" + i);
                parameters.putAll(conditions.parameters);
                parameters.put("begin" + i, JdbcTimes.toJdbc(spans.get(i).from()));
                parameters.put("end" + i, JdbcTimes.toJdbc(spans.get(i).to()));
                statement.append(i == 0 ? "" : "union all\n").append("""
                        select %d as span_no, n.state, count(*) as runs
                        from (select r.state from run r
                        %sorder by r.created_at desc, r.run_id desc
                        fetch first %d rows only) n
                        group by n.state
                        """.formatted(
                                i, conditions.where(), RunHistogram.MOST_COUNTED + 1));
            }
            sql = statement.toString();
        }
    }

    /** What a filter asks of a run, as the statements that it narrows say it. */
    private static final class Conditions {

        final Map<String, Object> parameters = new HashMap<>();
        private final List<String> conditions = new ArrayList<>();

        Conditions(RunFilter filter, Labels labels) {
            if (!labels.all()) {
                conditions.add(WithinReach.groups("r.group_key"));
                parameters.put(WithinReach.PARAMETER, WithinReach.parameter(labels));
            }
            any(filter.groups(), "r.group_key in (:groups)", "groups");
            any(filter.withoutGroups(), "r.group_key not in (:withoutGroups)", "withoutGroups");
            any(filter.states(), "r.state in (:states)", "states");
            any(filter.withoutStates(), "r.state not in (:withoutStates)", "withoutStates");
            any(filter.runIds(), "r.run_id in (:runIds)", "runIds");
            any(filter.businessKeys(), "r.business_key in (:businessKeys)", "businessKeys");
            time(filter.from(), "r.created_at >= :from", "from");
            time(filter.since(), "r.created_at >= :since", "since");
            time(filter.to(), "r.created_at < :to", "to");
            if (filter.overdue() != null) {
                conditions.add(
                        filter.overdue()
                                ? "r.state in ('QUEUED', 'RUNNING') and " + OVERDUE_RUN
                                : "(r.state not in ('QUEUED', 'RUNNING') or not " + OVERDUE_RUN + ")");
            }
            if (filter.unresolved() != null) {
                conditions.add("r.unresolved_since is " + (filter.unresolved() ? "not null" : "null"));
            }
        }

        void add(String condition) {
            conditions.add(condition);
        }

        String where() {
            return conditions.isEmpty() ? "" : "where " + String.join("\n  and ", conditions) + "\n";
        }

        private void any(List<String> values, String condition, String name) {
            if (!values.isEmpty()) {
                conditions.add(condition);
                parameters.put(name, values);
            }
        }

        private void time(@Nullable Instant time, String condition, String name) {
            if (time != null) {
                conditions.add(condition);
                parameters.put(name, JdbcTimes.toJdbc(time));
            }
        }
    }
}
