package io.syncline.scheduler.run;

import io.syncline.scheduler.run.RunStore.Claim;
import io.syncline.scheduler.run.RunStore.RunHead;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.SqlDialect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;

/**
 * Statements that H2 and Oracle share. Oracle cannot combine a row limit with SKIP LOCKED, so candidates are read first and
 * then locked; what another node has locked or taken in between is left out, and the next claim finds more.
 */
final class JdbcHotStatements implements HotStatements {

    static final String LOCK_SLOT = """
            select group_key, ordering_key, active_run_id, last_place
              from run_slot
             where group_key = :group and ordering_key = :key
               for update
            """;

    static final String TRY_LOCK_SLOT = """
            select ordering_key
              from run_slot
             where group_key = :group and ordering_key = :key
               for update skip locked
            """;

    static final String NEXT_QUEUED = """
            select run_id from run
             where group_key = :group and ordering_key = :key and queue_place is not null and held_since is null
               and (gated = 0 or keyed = 1)
             order by queue_place
             fetch first 1 rows only
            """;

    static final String CANDIDATES = """
            select task_run_id from task_run
             where system_key = :system and due_at <= :now
             order by due_at
             fetch first %d rows only
            """;

    static final String LOCK_CANDIDATES = """
            select task_run.*, lease_node as from_lease_node from task_run
             where task_run_id in (:ids) and due_at <= :now
               for update skip locked
            """;

    static final String HEADS = """
            select run_id, business_key, trigger_body, traceparent from run where run_id in (:ids)
            """;

    static final String HELD_LEASES = """
            select task_run_id, fence from task_run where lease_node = :node for update skip locked
            """;

    static final String RENEW = """
            update task_run set lease_until = :lease, due_at = :lease where task_run_id in (:ids)
            """;

    static final String IS_DUE = """
            select task_run_id from task_run
             where system_key = :system and due_at <= :now
             fetch first 1 rows only
            """;

    private static final int IN_LIST = 500;

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;
    private final RunRows rows;
    private final Journal journal;
    private final String node;

    JdbcHotStatements(
            NamedParameterJdbcOperations jdbc, SqlDialect dialect, RunRows rows, Journal journal, String node) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        this.rows = rows;
        this.journal = journal;
        this.node = node;
    }

    @Override
    public List<Slot> lockSlots(Collection<SlotKey> keys) {
        var slots = new ArrayList<Slot>();
        for (SlotKey key : new TreeSet<>(keys)) {
            slots.addAll(jdbc.query(
                    LOCK_SLOT,
                    named(key),
                    (row, number) -> new Slot(key, row.getString("active_run_id"), row.getLong("last_place"))));
        }
        return slots;
    }

    @Override
    public Set<SlotKey> tryLockSlots(Collection<SlotKey> keys) {
        var locked = new HashSet<SlotKey>();
        for (SlotKey key : keys) {
            if (!jdbc.queryForList(TRY_LOCK_SLOT, named(key), String.class).isEmpty()) {
                locked.add(key);
            }
        }
        return locked;
    }

    @Override
    public Map<SlotKey, String> nextQueued(Collection<SlotKey> keys) {
        var next = new HashMap<SlotKey, String>();
        for (SlotKey key : keys) {
            jdbc.queryForList(NEXT_QUEUED, named(key), String.class).forEach(runId -> next.put(key, runId));
        }
        return next;
    }

    private static MapSqlParameterSource named(SlotKey key) {
        return new MapSqlParameterSource().addValue("group", key.group()).addValue("key", key.orderingKey());
    }

    @Override
    public List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now) {
        var due = new MapSqlParameterSource().addValue("system", system).addValue("now", JdbcTimes.toJdbc(now));
        var candidates = jdbc.queryForList(CANDIDATES.formatted(Math.min(limit, IN_LIST)), due, String.class);
        if (candidates.isEmpty()) {
            return List.of();
        }
        var takenOver = new HashSet<String>();
        var tasks = jdbc.query(LOCK_CANDIDATES, due.addValue("ids", candidates), (row, number) -> {
            var task = rows.taskRun(row, number);
            if (row.getString("from_lease_node") != null) {
                takenOver.add(task.taskRunId);
            }
            return task;
        });
        if (tasks.isEmpty()) {
            return List.of();
        }
        tasks.forEach(task -> task.claimed(node, leaseUntil, now));
        var mine = RunRows.TASK_RUN_UPDATE.update(jdbc, dialect, tasks);
        journal.append(mine.stream().flatMap(task -> task.moves.stream()).toList(), now);
        var heads = new HashMap<String, RunHead>();
        jdbc.query(
                        HEADS,
                        Map.of(
                                "ids",
                                tasks.stream()
                                        .map(task -> task.runId)
                                        .distinct()
                                        .toList()),
                        rows::head)
                .forEach(head -> heads.put(head.runId(), head));
        return tasks.stream()
                .filter(mine::contains)
                .map(task -> new Claim(
                        task,
                        java.util.Objects.requireNonNull(heads.get(task.runId)),
                        takenOver.contains(task.taskRunId)))
                .toList();
    }

    @Override
    public int renewLeases(Map<String, Long> fences, Instant leaseUntil) {
        var held = new ArrayList<String>();
        jdbc.query(HELD_LEASES, Map.of("node", node), row -> {
            var id = row.getString("task_run_id");
            if (Long.valueOf(row.getLong("fence")).equals(fences.get(id))) {
                held.add(id);
            }
        });
        for (int from = 0; from < held.size(); from += IN_LIST) {
            var some = held.subList(from, Math.min(held.size(), from + IN_LIST));
            jdbc.update(
                    RENEW,
                    new MapSqlParameterSource()
                            .addValue("lease", JdbcTimes.toJdbc(leaseUntil))
                            .addValue("ids", some));
        }
        return held.size();
    }

    @Override
    public Set<String> dueSystems(Collection<String> systems, Instant now) {
        var due = new HashSet<String>();
        for (String system : systems) {
            var found = jdbc.queryForList(
                    IS_DUE,
                    new MapSqlParameterSource().addValue("system", system).addValue("now", JdbcTimes.toJdbc(now)),
                    String.class);
            if (!found.isEmpty()) {
                due.add(system);
            }
        }
        return due;
    }
}
