package io.syncline.scheduler.observe;

import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What stands in the tables at one moment, for gauges. Each statement follows an index and ends at a bound; none counts, so
 * that none becomes slow when tables have grown.
 */
@Repository
class JdbcStanding {

    /** Gauges of things that pile up show no more than this. */
    static final int MOST = 10_000;

    private static final int MISMATCHES = 500;

    private static final String RUNNING = """
            select r.group_key,
                   case when exists (select 1 from task_run t
                                     where t.run_id = r.run_id and t.overdue_since is not null and t.ended_at is null)
                        then 1 else 0 end as overdue
            from run r
            where r.state = 'RUNNING'
            order by r.created_at
            fetch first 10000 rows only
            """;

    private static final String GROUPS = """
            select g.group_key, g.latest_version,
                   (select max(r.ended_at) from run r
                    where r.group_key = g.group_key and r.state = 'COMPLETED') as last_success
            from task_group g
            where g.deleted_at is null
            order by g.group_key
            fetch first 500 rows only
            """;

    private static final String MISMATCHED = """
            select f.group_key, f.ended_at, t.reconciliation
            from (select r.run_id, r.group_key, r.created_at, r.ended_at from run r
                  where r.state = 'FAILED'
                  order by r.created_at desc
                  fetch first 500 rows only) f
            join task_run t on t.run_id = f.run_id
            where t.cause = 'RECONCILIATION_MISMATCH' and t.reconciliation is not null
            order by f.created_at desc
            """;

    private static final String OLDEST_DUE = """
            select s.system_key, (select min(t.due_at) from task_run t where t.system_key = s.system_key) as oldest
            from sync_system s
            where s.deleted_at is null
            order by s.system_key
            fetch first 500 rows only
            """;

    private static final String PENDING = """
            select kind, created_at from outbox_message
            where state = 'PENDING'
            order by due_at
            fetch first 10000 rows only
            """;

    private static final String DEAD = """
            select kind from outbox_message
            where state = 'DEAD'
            fetch first 10000 rows only
            """;

    private static final String EXPIRING = """
            select system_key, min(expires_at) as expires_at
            from sync_system_credential
            where expires_at is not null
            group by system_key
            order by system_key
            """;

    /** @param overdue how many of the active ones are */
    record Active(int active, int overdue) {}

    record Group(String key, int version, @Nullable Instant lastSuccess) {}

    record Mismatch(String group, Instant endedAt, String reconciliation) {}

    /** @param oldest null: nothing is pending */
    record Pending(int count, @Nullable Instant oldest) {}

    private final JdbcClient jdbc;

    JdbcStanding(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Map<String, Active> runningByGroup() {
        var groups = new LinkedHashMap<String, Active>();
        jdbc.sql(RUNNING).query(row -> {
            groups.merge(
                    row.getString("group_key"),
                    new Active(1, row.getInt("overdue")),
                    (one, other) -> new Active(one.active() + other.active(), one.overdue() + other.overdue()));
        });
        return groups;
    }

    List<Group> groups() {
        return jdbc.sql(GROUPS)
                .query((row, number) -> new Group(
                        row.getString("group_key"),
                        row.getInt("latest_version"),
                        JdbcTimes.instantOrNull(row, "last_success")))
                .list();
    }

    /** Of the newest failed runs, newest first. */
    List<Mismatch> mismatched() {
        return jdbc
                .sql(MISMATCHED)
                .query((row, number) -> new Mismatch(
                        row.getString("group_key"),
                        JdbcTimes.instant(row, "ended_at"),
                        row.getString("reconciliation")))
                .list()
                .stream()
                .limit(MISMATCHES)
                .toList();
    }

    /** When the first call of each system is due, or its lease ends; systems for which nothing waits are left out. */
    Map<String, Instant> oldestDue() {
        return times(OLDEST_DUE, "oldest");
    }

    Pending pending() {
        var times = new ArrayList<Instant>();
        jdbc.sql(PENDING).query(row -> {
            times.add(JdbcTimes.instant(row, "created_at"));
        });
        return new Pending(times.size(), times.stream().min(Instant::compareTo).orElse(null));
    }

    Map<String, Integer> deadByKind() {
        var kinds = new LinkedHashMap<String, Integer>();
        jdbc.sql(DEAD).query(row -> {
            kinds.merge(row.getString("kind"), 1, Integer::sum);
        });
        return kinds;
    }

    /** When the first client certificate of each system ends. */
    Map<String, Instant> credentialsExpire() {
        return times(EXPIRING, "expires_at");
    }

    private Map<String, Instant> times(String statement, String column) {
        var found = new LinkedHashMap<String, Instant>();
        jdbc.sql(statement).query(row -> {
            var at = JdbcTimes.instantOrNull(row, column);
            if (at != null) {
                found.put(row.getString("system_key"), at);
            }
        });
        return found;
    }
}
