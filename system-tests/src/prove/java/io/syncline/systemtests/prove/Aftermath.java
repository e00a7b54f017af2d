package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.History;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeMap;

/** Reads what is left in the database and what the operators' API tells of it into the history, and changes nothing. */
final class Aftermath {

    private static final String MESSAGES = """
            select trigger_id as trigger, source, message_id as id, status, event_body as body, received_at as at
              from trigger_message""";

    private static final String RUNS = """
            select run_id as run, trigger_id as trigger, group_key as group, ordering_key as "orderingKey", state,
                   inbox_place as place, rerun_of as "rerunOf", trigger_body as body, created_at as at,
                   started_at as "startedAt", ended_at as "endedAt"
              from run""";

    private static final String TASK_RUNS = """
            select task_run_id as "taskRun", run_id as run, task_key as task, task_no as "taskNo", state, attempt, round,
                   fence, version, cause, lease_node as "leaseNode", created_at as at
              from task_run""";

    private static final String MOVES = """
            select run_id as run, task_run_id as "taskRun", from_state as from, to_state as to, attempt, fence, cause, actor,
                   node_id as node, moved_at as at
              from journal order by moved_at, journal_id""";

    private static final String CALLS = """
            select task_run_id as "taskRun", attempt, round, fence, duration_ms as "durationMs", http_status as status,
                   outcome, applied, node_id as node, called_at as at
              from call where kind = 'SYNC'""";

    private static final String CALLBACKS = """
            select task_run_id as "taskRun", callback_id as callback, attempt, status as report, applied, reason,
                   received_at as at
              from callback""";

    private static final String MEMBERS = """
            select m.task_run_id as "taskRun", m.condition_name as condition, m.subject, i.state, m.since_at as at,
                   m.joined_at as "joinedAt", m.cured_at as "curedAt"
              from incident_member m join incident i on i.incident_id = m.incident_id""";

    private static final String PARCELS = """
            select o.id as parcel, a.message_id as message, o.ordering_key as "orderingKey", o.key_sequence as place, o.state,
                   o.deliveries, o.created_at as at
              from outbox_message o left join alert_message a on a.outbox_id = o.id""";

    private static final String SESSIONS = """
            select application_name || ' has been ' || state || ' for ' || (now() - state_change) as what
              from pg_stat_activity
             where application_name like 'syncline-%' and state <> 'idle' and state_change < now() - interval '10 seconds'
            union all
            select 'a lock on ' || coalesce(c.relname, '?') || ' has been waited for by ' || a.application_name
              from pg_locks l join pg_stat_activity a on a.pid = l.pid left join pg_class c on c.oid = l.relation
             where not l.granted and a.state_change < now() - interval '10 seconds'""";

    private final Postgres postgres;
    private final History history;
    private final Tables tables;

    Aftermath(Postgres postgres, History history) {
        this.postgres = postgres;
        this.history = history;
        this.tables = new Tables(history);
    }

    /** @param groups whose runs the operators' API is asked for */
    void read(PlatformApi api, List<String> groups) throws SQLException {
        try (var connection = postgres.connectForSnapshot("prove")) {
            tables.read(connection, "message", MESSAGES);
            tables.read(connection, "run", RUNS);
            tables.read(connection, "taskRun", TASK_RUNS);
            tables.read(connection, "move", MOVES);
            tables.read(connection, "callRow", CALLS);
            tables.read(connection, "callbackRow", CALLBACKS);
            tables.read(connection, "member", MEMBERS);
            tables.read(connection, "parcel", PARCELS);
            tables.read(connection, "leftover", SESSIONS);
            connection.rollback();
        }
        totals(api, groups);
        audit(api);
    }

    private void totals(PlatformApi api, List<String> groups) {
        var totals = new TreeMap<String, Integer>();
        for (String group : groups) {
            var cursor = "";
            do {
                var page = api.get("/api/v1/runs?limit=200&from=2000-01-01T00:00:00Z&group=" + group + cursor)
                        .expect(200)
                        .json();
                page.path("items").forEach(run -> totals.merge(run.path("state").asString(""), 1, Integer::sum));
                var next = page.path("nextCursor").asString("");
                cursor = next.isEmpty() ? "" : "&cursor=" + next;
            } while (!cursor.isEmpty());
        }
        totals.forEach((state, runs) -> history.add("driver", "total", "state", state, "runs", runs));
    }

    private void audit(PlatformApi api) {
        var verified = api.get("/api/v1/audit/verify").expect(200).json();
        var broken = verified.path("broken");
        history.add(
                "driver",
                "audit",
                "complete",
                verified.path("complete").asBoolean(false),
                "broken",
                broken.isNull() || broken.isMissingNode() ? null : broken.toString());
    }

    /** How many runs and task runs have not ended, and messages to people have not gone out. */
    int open() throws SQLException {
        try (var connection = postgres.connect("prove");
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select (select count(*) from run where state in ('QUEUED', 'RUNNING')) + (select count(*)"
                                + " from task_run where state in ('WAITING', 'DUE', 'CALLING', 'RUNNING'))"
                                + " + (select count(*) from outbox_message where state = 'PENDING')")) {
            row.next();
            return row.getInt(1);
        }
    }
}
