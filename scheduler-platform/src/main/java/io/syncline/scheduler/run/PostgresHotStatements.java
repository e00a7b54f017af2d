package io.syncline.scheduler.run;

import io.syncline.scheduler.run.RunStore.Claim;
import io.syncline.scheduler.store.JdbcTimes;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;

/** One statement each, by arrays, lateral joins and RETURNING. */
final class PostgresHotStatements implements HotStatements {

    private static final String LOCK_SLOTS = """
            select s.group_key, s.ordering_key, s.active_run_id, s.last_place
              from run_slot s
              join unnest(cast(:groups as text[]), cast(:keys as text[])) as k (group_key, ordering_key)
                on s.group_key = k.group_key and s.ordering_key = k.ordering_key
             order by s.group_key collate "C", s.ordering_key collate "C"
               for update of s
            """;

    private static final String TRY_LOCK_SLOTS = """
            select s.group_key, s.ordering_key
              from run_slot s
              join unnest(cast(:groups as text[]), cast(:keys as text[])) as k (group_key, ordering_key)
                on s.group_key = k.group_key and s.ordering_key = k.ordering_key
               for update of s skip locked
            """;

    private static final String NEXT_QUEUED = """
            select k.group_key, k.ordering_key, q.run_id
              from unnest(cast(:groups as text[]), cast(:keys as text[])) as k (group_key, ordering_key)
             cross join lateral (
                   select r.run_id from run r
                    where r.group_key = k.group_key and r.ordering_key = k.ordering_key
                      and r.queue_place is not null and r.held_since is null
                      and (r.gated = 0 or r.keyed = 1)
                    order by r.queue_place
                    limit 1) q
            """;

    private static final String CLAIM = """
            with picked as (
                   select task_run_id, state as from_state, lease_node as from_lease_node
                     from task_run
                    where system_key = :system and due_at <= :now
                    order by due_at
                    limit :limit
                      for update skip locked)
            update task_run t
               set state = case when t.state = 'DUE' then 'CALLING' else t.state end,
                   fence = t.fence + 1, round = t.round + 1, attempt_round = t.attempt_round + 1,
                   version = t.version + 1, lease_node = :node, lease_until = :lease, due_at = :lease,
                   started_at = coalesce(t.started_at, :now)
              from picked p, run r
             where t.task_run_id = p.task_run_id and r.run_id = t.run_id
            returning t.*, p.from_state, p.from_lease_node, r.business_key, r.trigger_body, r.traceparent
            """;

    private static final String RENEW = """
            with held as (
                   select h.task_run_id
                     from task_run h
                     join unnest(cast(:ids as text[]), cast(:fences as bigint[])) as k (task_run_id, fence)
                       on h.task_run_id = k.task_run_id and h.fence = k.fence
                    where h.lease_node = :node
                      for update of h skip locked)
            update task_run t set lease_until = :lease, due_at = :lease
              from held h
             where t.task_run_id = h.task_run_id
            """;

    private static final String DUE_SYSTEMS = """
            select s.system_key
              from unnest(cast(:systems as text[])) as s (system_key)
             where exists (select 1 from task_run t where t.system_key = s.system_key and t.due_at <= :now)
            """;

    private final NamedParameterJdbcOperations jdbc;
    private final RunRows rows;
    private final Journal journal;
    private final String node;

    PostgresHotStatements(NamedParameterJdbcOperations jdbc, RunRows rows, Journal journal, String node) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.journal = journal;
        this.node = node;
    }

    @Override
    public List<Slot> lockSlots(Collection<SlotKey> keys) {
        return jdbc.query(
                LOCK_SLOTS,
                arrays(keys),
                (row, number) -> new Slot(
                        new SlotKey(row.getString("group_key"), row.getString("ordering_key")),
                        row.getString("active_run_id"),
                        row.getLong("last_place")));
    }

    @Override
    public Set<SlotKey> tryLockSlots(Collection<SlotKey> keys) {
        return new HashSet<>(jdbc.query(
                TRY_LOCK_SLOTS,
                arrays(keys),
                (row, number) -> new SlotKey(row.getString("group_key"), row.getString("ordering_key"))));
    }

    @Override
    public Map<SlotKey, String> nextQueued(Collection<SlotKey> keys) {
        var next = new HashMap<SlotKey, String>();
        jdbc.query(NEXT_QUEUED, arrays(keys), row -> {
            next.put(new SlotKey(row.getString("group_key"), row.getString("ordering_key")), row.getString("run_id"));
        });
        return next;
    }

    static MapSqlParameterSource arrays(Collection<SlotKey> keys) {
        return new MapSqlParameterSource()
                .addValue("groups", keys.stream().map(SlotKey::group).toArray(String[]::new))
                .addValue("keys", keys.stream().map(SlotKey::orderingKey).toArray(String[]::new));
    }

    @Override
    public List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now) {
        var parameters = new MapSqlParameterSource()
                .addValue("system", system)
                .addValue("limit", limit)
                .addValue("node", node)
                .addValue("lease", JdbcTimes.toJdbc(leaseUntil))
                .addValue("now", JdbcTimes.toJdbc(now));
        var started = new HashSet<String>();
        var claims = jdbc.query(CLAIM, parameters, (row, number) -> {
            if (TaskRunState.DUE.name().equals(row.getString("from_state"))) {
                started.add(row.getString("task_run_id"));
            }
            return rows.claim(row, number);
        });
        journal.append(
                claims.stream()
                        .map(Claim::taskRun)
                        .filter(task -> started.contains(task.taskRunId))
                        .map(task -> new Move(
                                task.runId,
                                task.taskRunId,
                                TaskRunState.DUE.name(),
                                TaskRunState.CALLING.name(),
                                task.attempt,
                                task.fence,
                                MoveCause.CLAIMED,
                                null,
                                null))
                        .toList(),
                now);
        return claims;
    }

    @Override
    public int renewLeases(Map<String, Long> fences, Instant leaseUntil) {
        return jdbc.update(
                RENEW,
                new MapSqlParameterSource()
                        .addValue("ids", fences.keySet().toArray(String[]::new))
                        .addValue("fences", fences.values().toArray(Long[]::new))
                        .addValue("node", node)
                        .addValue("lease", JdbcTimes.toJdbc(leaseUntil)));
    }

    @Override
    public Set<String> dueSystems(Collection<String> systems, Instant now) {
        return new HashSet<>(jdbc.queryForList(
                DUE_SYSTEMS,
                new MapSqlParameterSource()
                        .addValue("systems", systems.toArray(String[]::new))
                        .addValue("now", JdbcTimes.toJdbc(now)),
                String.class));
    }
}
