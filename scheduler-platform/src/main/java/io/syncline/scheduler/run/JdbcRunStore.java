package io.syncline.scheduler.run;

import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.SqlDialect;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.transaction.support.TransactionOperations;

/** Runs in the tables run, run_slot, task_run and journal. */
final class JdbcRunStore implements RunStore {

    static final String INSERT_SLOT = """
            insert into run_slot (group_key, ordering_key, last_place) values (:group, :key, 0)
            """;

    static final String LOST_LEASES = """
            select task_run_id from task_run
             where lease_node is not null and lease_until <= :now and due_at = lease_until
               for update skip locked
            """;

    static final String HASTEN = """
            update task_run set due_at = :front where task_run_id in (:ids)
            """;

    private static final String POSTGRES_INSERT_SLOT = """
            insert into run_slot (group_key, ordering_key, last_place)
            values (:group, :key, 0) on conflict do nothing
            """;

    private static final String POSTGRES_INSERT_SLOTS = """
            insert into run_slot (group_key, ordering_key, last_place)
            select k.group_key, k.ordering_key, 0
              from unnest(cast(:groups as text[]), cast(:keys as text[])) as k (group_key, ordering_key)
             order by k.group_key collate "C", k.ordering_key collate "C"
                on conflict do nothing
            returning group_key, ordering_key
            """;

    static final String LOCK_RUNS = """
            select * from run where run_id in (:ids) order by run_id for update
            """;

    static final String IDS_OF_RUNS = """
            select task_run_id from task_run where run_id in (:ids)
            """;

    private static final String POSTGRES_LOCK_TASK_RUNS = """
            select * from task_run
             where run_id = any(:runs) or task_run_id = any(:ids)
             order by task_run_id
               for update
            """;

    static final String LOCK_TASK_RUNS = """
            select * from task_run where task_run_id in (:ids) order by task_run_id for update
            """;

    static final String HEADS = """
            select task_run_id, run_id, group_key, ordering_key, system_key, attempt, state
              from task_run where task_run_id in (:ids)
            """;

    static final String SLOT_OF_RUN = """
            select group_key, ordering_key from run where run_id = :run
            """;

    static final String OVERDUE_CANDIDATES = """
            select task_run_id from task_run where overdue_at <= :now order by overdue_at fetch first %d rows only
            """;

    static final String LOCK_OVERDUE = """
            select task_run_id as id, run_id, group_key, task_key, system_key, overdue_at as since from task_run
             where task_run_id in (:ids) and overdue_at <= :now
               for update skip locked
            """;

    static final String FLAG_OVERDUE = """
            update task_run set overdue_since = overdue_at, overdue_at = null, version = version + 1
             where task_run_id in (:ids) and overdue_at is not null
            """;

    static final String SILENT_CANDIDATES = """
            select task_run_id from task_run where silent_at <= :now order by silent_at fetch first %d rows only
            """;

    static final String LOCK_SILENT = """
            select task_run_id as id, run_id, group_key, task_key, system_key, silent_at as since from task_run
             where task_run_id in (:ids) and silent_at <= :now
               for update skip locked
            """;

    static final String FLAG_SILENT = """
            update task_run set silent_since = silent_at, silent_at = null, version = version + 1
             where task_run_id in (:ids) and silent_at is not null
            """;

    static final String NO_ANSWER_CANDIDATES = """
            select task_run_id from task_run where answer_at <= :now order by answer_at fetch first %d rows only
            """;

    static final String LOCK_NO_ANSWER = """
            select task_run_id as id, run_id, group_key, task_key, system_key, answer_at as since from task_run
             where task_run_id in (:ids) and answer_at <= :now
               for update skip locked
            """;

    static final String FLAG_NO_ANSWER = """
            update task_run set no_answer_since = answer_at, answer_at = null, version = version + 1
             where task_run_id in (:ids) and answer_at is not null
            """;

    static final String LATE_CANDIDATES = """
            select run_id from run where start_by_at <= :now order by start_by_at fetch first %d rows only
            """;

    static final String LOCK_LATE = """
            select run_id as id, run_id, group_key, null as task_key, null as system_key, start_by_at as since from run
             where run_id in (:ids) and start_by_at <= :now
               for update skip locked
            """;

    static final String FLAG_LATE = """
            update run set late_since = start_by_at, start_by_at = null, version = version + 1
             where run_id in (:ids) and start_by_at is not null
            """;

    static final String TIMED_OUT = """
            select task_run_id from task_run where timeout_at <= :now order by timeout_at fetch first %d rows only
            """;

    static final String STALLED = """
            select distinct r.group_key, r.ordering_key
              from run r
              left join run_slot s on s.group_key = r.group_key and s.ordering_key = r.ordering_key
              left join run a on a.run_id = s.active_run_id
             where r.queue_place is not null and r.held_since is null
               and (r.gated = 0 or (r.keyed = 1 and s.active_run_id is not null))
               and (a.run_id is null
                    or (a.state <> 'RUNNING' and not exists (
                        select 1 from task_run t where t.run_id = a.run_id and t.cancel_state = 'PENDING')))
               and not exists (
                    select 1 from run o
                     where o.group_key = r.group_key and o.ordering_key = r.ordering_key and o.state = 'RUNNING'
                       and (o.gated = 0 or o.keyed = 1))
             fetch first %d rows only
            """;

    static final String IDLE_SLOTS = """
            select s.group_key, s.ordering_key, s.active_run_id, s.last_place
              from run_slot s
             where s.active_run_id is null and s.last_place < :unused
               and not exists (select 1 from run r
                    where r.group_key = s.group_key and r.ordering_key = s.ordering_key and r.queue_place is not null)
             fetch first %d rows only
            """;

    static final String DELETE_SLOT = """
            delete from run_slot
             where group_key = :group and ordering_key = :key and active_run_id is null and last_place = :place
            """;

    static final String WAITING = """
            select run_id, keyed, held_since from run
             where group_key = :group and ordering_key = :key and queue_place is not null
               and (gated = 0 or keyed = 1)
             order by queue_place desc
             fetch first %d rows only
            """;

    static final String COUNT_QUEUED = """
            select count(*) from (
                   select run_id from run where group_key = :group and queue_place is not null
                    fetch first %d rows only) queued
            """;

    static final String LOCK_GATE = """
            select group_key from run_gate where group_key = :group for update
            """;

    static final String TRY_GATE = """
            select group_key from run_gate where group_key = :group for update skip locked
            """;

    static final String INSERT_GATE = """
            insert into run_gate (group_key) values (:group)
            """;

    private static final String POSTGRES_INSERT_GATE = """
            insert into run_gate (group_key) values (:group) on conflict do nothing
            """;

    static final String ACTIVE_IN_GATE = """
            select count(*) from (
                   select run_id from run
                    where group_key = :group and gated = 1 and ended_at is null and state = 'RUNNING'
                    union
                   select t.run_id from task_run t
                     join run c on c.run_id = t.run_id
                    where t.cancel_due_at is not null and t.group_key = :group and c.gated = 1) active
            """;

    static final String NEXT_IN_GATE = """
            select r.run_id, r.ordering_key, r.keyed from run r
             where r.group_key = :group and r.gated = 1 and r.ended_at is null and r.state = 'QUEUED'
               and r.held_since is null
               and (r.keyed = 0 or not exists (
                    select 1 from run_slot s
                     where s.group_key = r.group_key and s.ordering_key = r.ordering_key
                       and s.active_run_id is not null)
                   and not exists (
                    select 1 from run e
                     where e.group_key = r.group_key and e.ordering_key = r.ordering_key
                       and e.queue_place < r.queue_place and e.held_since is null
                       and (e.gated = 0 or e.keyed = 1)))
               and not exists (
                    select 1 from task_run t where t.run_id = r.run_id and t.cancel_state = 'PENDING')
             order by r.queue_place, r.run_id
             fetch first %d rows only
            """;

    static final String WAITING_GATES = """
            select distinct group_key from run
             where gated = 1 and ended_at is null and state = 'QUEUED' and held_since is null
            """;

    static final String QUEUED = """
            select run_id, group_key, ordering_key from run where group_key = :group and queue_place is not null
            """;

    static final String OPEN_RUN = """
            select run_id from run where group_key = :group and state in ('QUEUED', 'RUNNING')
             fetch first 1 rows only
            """;

    static final String OPEN_RUNS_BY_VERSION = """
            select group_version, count(*) as runs from run
             where group_key = :group and state in ('QUEUED', 'RUNNING')
             group by group_version
            """;

    static final String OF_TRIGGER = """
            select * from run where trigger_id = :trigger order by group_key, run_id
            """;

    static final String OF_TRIGGERS = """
            select * from run where trigger_id in (:ids) order by group_key, run_id
            """;

    static final String RUNS = """
            select * from run where run_id in (:ids)
            """;

    static final String OPEN_OF_RUNS = """
            select run_id from run where run_id in (:ids) and state in ('QUEUED', 'RUNNING')
            """;

    static final String TASK_RUNS_OF_RUNS = """
            select * from task_run where run_id in (:ids) order by run_id, task_no
            """;

    static final String READ_RUN = """
            select * from run where run_id = :run
            """;

    static final String UNRESOLVED = """
            select run_id, unresolved_since from run
             where unresolved_since is not null
             order by unresolved_since, run_id
             fetch first %d rows only
            """;

    static final String UNRESOLVED_AFTER = """
            select run_id, unresolved_since from run
             where unresolved_since is not null
               and (unresolved_since > :since or (unresolved_since = :since and run_id > :run))
             order by unresolved_since, run_id
             fetch first %d rows only
            """;

    /** Places of the inbox are comparable under one ordering key alone. Each part has an index of its own. */
    static final String LATER_SUCCESSES = """
            select run_id, max(successor) as successor
              from (select f.run_id, s.run_id as successor
                      from run f
                      join run s on s.group_key = f.group_key and s.ordering_key = f.ordering_key
                       and s.inbox_place > f.inbox_place and s.state = 'COMPLETED' and s.ended_at > f.ended_at
                     where f.run_id in (:ids)
                       and (s.business_key = f.business_key
                            or (s.business_key is null and f.business_key is null and (f.gated = 0 or f.keyed = 1)))
                    union all
                    select f.run_id, s.run_id as successor
                      from run f
                      join run s on s.business_key = f.business_key and s.created_at > f.created_at
                       and s.group_key = f.group_key and s.ordering_key <> f.ordering_key
                       and s.state = 'COMPLETED' and s.ended_at > f.ended_at
                     where f.run_id in (:ids)
                    union all
                    select f.run_id, s.run_id as successor
                      from run f
                      join run s on s.trigger_id = f.trigger_id and s.rerun_of = f.run_id
                       and s.state = 'COMPLETED' and s.ended_at > f.ended_at
                     where f.run_id in (:ids)) found
             group by run_id
            """;

    static final String LAPSED_RESOLUTIONS = """
            select run_id from run where resolution_until <= :now fetch first %d rows only
            """;

    static final String DUE_CANCELS = """
            select task_run_id from task_run where cancel_due_at <= :now order by cancel_due_at
             fetch first %d rows only
            """;

    static final String LOCK_CANCELS = """
            select * from task_run
             where task_run_id in (:ids) and cancel_due_at <= :now
               for update skip locked
            """;

    static final String LEASE_CANCELS = """
            update task_run set cancel_due_at = :lease, version = version + 1 where task_run_id in (:ids)
            """;

    private static final Logger LOG = LoggerFactory.getLogger(JdbcRunStore.class);

    /** Oracle takes at most 1,000 members in a list. */
    private static final int IN_LIST = 500;

    private final AfterCommit afterCommit = new AfterCommit();
    private final Set<String> madeGates = ConcurrentHashMap.newKeySet();
    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;
    private final TransactionOperations transactions;
    private final DatabaseClock clock;
    private final RunRows rows;
    private final Journal journal;
    private final HotStatements hot;

    JdbcRunStore(
            NamedParameterJdbcOperations jdbc,
            SqlDialect dialect,
            TransactionOperations transactions,
            DatabaseClock clock,
            RunRows rows,
            String node) {
        this.jdbc = jdbc;
        this.dialect = dialect;
        this.transactions = transactions;
        this.clock = clock;
        this.rows = rows;
        this.journal = new Journal(jdbc, dialect, node);
        this.hot = dialect == SqlDialect.POSTGRESQL
                ? new PostgresHotStatements(jdbc, rows, journal, node)
                : new JdbcHotStatements(jdbc, dialect, rows, journal, node);
    }

    @Override
    @SuppressWarnings("NullAway") // the supplier decides whether there is a result
    public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
        return afterCommit.around(() -> transactions.execute(status -> work.get()));
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public SortedMap<SlotKey, Slot> lockSlots(Collection<SlotKey> keys) {
        var slots = new TreeMap<SlotKey, Slot>();
        if (!keys.isEmpty()) {
            hot.lockSlots(keys).forEach(slot -> slots.put(slot.key, slot));
            for (SlotKey key : new TreeSet<>(keys)) {
                if (!slots.containsKey(key)) {
                    slots.put(key, openSlot(key));
                }
            }
        }
        return slots;
    }

    @Override
    public Set<SlotKey> tryLockSlots(Collection<SlotKey> keys) {
        return keys.isEmpty() ? Set.of() : hot.tryLockSlots(keys);
    }

    @Override
    public SortedMap<SlotKey, Slot> openSlots(Collection<SlotKey> keys) {
        var slots = new TreeMap<SlotKey, Slot>();
        if (keys.size() > 1 && dialect == SqlDialect.POSTGRESQL) {
            // All new ones first and then all known ones, each in one order: nobody who waits for a new one holds a
            // known one.
            var ordered = new TreeSet<>(keys);
            for (SlotKey key : makeSlots(ordered)) {
                slots.put(key, new Slot(key, null, 0));
                ordered.remove(key);
            }
            for (Slot slot : ordered.isEmpty() ? List.<Slot>of() : hot.lockSlots(ordered)) {
                slots.put(slot.key, slot);
                ordered.remove(slot.key);
            }
            // Purged in between.
            ordered.forEach(key -> slots.put(key, openSlot(key)));
            return slots;
        }
        // One by one, so that new and known slots are locked in one order.
        for (SlotKey key : new TreeSet<>(keys)) {
            var known = hot.lockSlots(List.of(key));
            slots.put(key, known.isEmpty() ? openSlot(key) : known.get(0));
        }
        return slots;
    }

    private Slot openSlot(SlotKey key) {
        if (makeSlot(key)) {
            return new Slot(key, null, 0);
        }
        return hot.lockSlots(List.of(key)).stream()
                .findFirst()
                .orElseThrow(() -> new CannotAcquireLockException("slot " + key + " was purged while it was taken"));
    }

    private List<SlotKey> makeSlots(SortedSet<SlotKey> keys) {
        return jdbc.query(
                POSTGRES_INSERT_SLOTS,
                PostgresHotStatements.arrays(keys),
                (row, number) -> new SlotKey(row.getString("group_key"), row.getString("ordering_key")));
    }

    private boolean makeSlot(SlotKey key) {
        var named = new MapSqlParameterSource().addValue("group", key.group()).addValue("key", key.orderingKey());
        if (dialect == SqlDialect.POSTGRESQL) {
            return jdbc.update(POSTGRES_INSERT_SLOT, named) == 1;
        }
        try {
            return jdbc.update(INSERT_SLOT, named) == 1;
        } catch (DuplicateKeyException e) {
            LOG.debug("slot {} was made by another node", key);
            return false;
        }
    }

    @Override
    public Map<SlotKey, String> nextQueued(Collection<SlotKey> keys) {
        return keys.isEmpty() ? Map.of() : hot.nextQueued(keys);
    }

    @Override
    public Locked lock(Collection<String> runIds, Collection<String> taskRunIds) {
        var runs = new LinkedHashMap<String, Run>();
        var tasks = new LinkedHashMap<String, TaskRun>();
        inChunks(LOCK_RUNS, runIds, rows::run).forEach(run -> runs.put(run.runId, run));
        // All task runs together: locked in two goes, two batches could each wait for the other.
        for (TaskRun task : lockTaskRuns(runIds, taskRunIds)) {
            tasks.put(task.taskRunId, task);
            var run = runs.get(task.runId);
            if (run != null) {
                run.taskRuns.add(task);
            }
        }
        runs.values().forEach(Run::orderTaskRuns);
        return new Locked(runs, tasks);
    }

    private List<TaskRun> lockTaskRuns(Collection<String> runIds, Collection<String> taskRunIds) {
        if (runIds.isEmpty() && taskRunIds.isEmpty()) {
            return List.of();
        }
        if (dialect == SqlDialect.POSTGRESQL) {
            return jdbc.query(
                    POSTGRES_LOCK_TASK_RUNS,
                    new MapSqlParameterSource()
                            .addValue("runs", runIds.toArray(String[]::new))
                            .addValue("ids", taskRunIds.toArray(String[]::new)),
                    rows::taskRun);
        }
        var ids = new TreeSet<>(taskRunIds);
        ids.addAll(inChunks(IDS_OF_RUNS, runIds, (row, number) -> row.getString("task_run_id")));
        return inChunks(LOCK_TASK_RUNS, ids, rows::taskRun);
    }

    @Override
    public void insert(Collection<Run> runs, Instant now) {
        var tasks = runs.stream().flatMap(run -> run.taskRuns.stream()).toList();
        RunRows.RUN_INSERT.insert(jdbc, dialect, runs);
        RunRows.TASK_RUN_INSERT.insert(jdbc, dialect, tasks);
        var moves = new ArrayList<Move>();
        for (Run run : runs) {
            moves.add(new Move(
                    run.runId, null, null, RunState.QUEUED.name(), null, null, MoveCause.TRIGGERED, null, null));
            moves.addAll(run.moves);
            run.taskRuns.forEach(task -> moves.addAll(task.moves));
        }
        journal.append(moves, now);
    }

    @Override
    public Set<String> save(Collection<Run> runs, Collection<TaskRun> taskRuns, Collection<Slot> slots, Instant now) {
        var changedRuns = runs.stream().filter(run -> run.changed).toList();
        var changedTasks = taskRuns.stream().filter(task -> task.changed).toList();
        var lost = new HashSet<String>();
        var moves = new ArrayList<Move>();
        var runsWon = RunRows.RUN_UPDATE.update(jdbc, dialect, changedRuns);
        var tasksWon = RunRows.TASK_RUN_UPDATE.update(jdbc, dialect, changedTasks);
        for (Run run : changedRuns) {
            if (runsWon.contains(run)) {
                moves.addAll(run.moves);
            } else {
                lost.add(run.runId);
            }
        }
        for (TaskRun task : changedTasks) {
            if (tasksWon.contains(task)) {
                moves.addAll(task.moves);
            } else {
                lost.add(task.taskRunId);
            }
        }
        RunRows.SLOT_UPDATE.update(
                jdbc, dialect, slots.stream().filter(slot -> slot.changed).toList());
        journal.append(moves, now);
        if (!lost.isEmpty()) {
            LOG.warn("rows had changed since they were read, their moves were dropped: {}", lost);
        }
        return lost;
    }

    @Override
    public List<Claim> claim(String system, int limit, Instant leaseUntil, Instant now) {
        return hot.claim(system, limit, leaseUntil, now);
    }

    @Override
    public int hastenLost(Instant now, Instant front) {
        // A claim and a renewal write both times alike, so a task run that was moved forward is not found again.
        var lost =
                jdbc.queryForList(LOST_LEASES, new MapSqlParameterSource("now", JdbcTimes.toJdbc(now)), String.class);
        for (int from = 0; from < lost.size(); from += IN_LIST) {
            jdbc.update(
                    HASTEN,
                    new MapSqlParameterSource("front", JdbcTimes.toJdbc(front))
                            .addValue("ids", lost.subList(from, Math.min(lost.size(), from + IN_LIST))));
        }
        return lost.size();
    }

    @Override
    public int renewLeases(Map<String, Long> fences, Instant leaseUntil) {
        return hot.renewLeases(fences, leaseUntil);
    }

    @Override
    public Set<String> dueSystems(Collection<String> systems, Instant now) {
        return hot.dueSystems(systems, now);
    }

    @Override
    public List<Claim> claimCancels(int limit, Duration lease, Instant now) {
        var due = new MapSqlParameterSource().addValue("now", JdbcTimes.toJdbc(now));
        var candidates = jdbc.queryForList(DUE_CANCELS.formatted(Math.min(limit, IN_LIST)), due, String.class);
        if (candidates.isEmpty()) {
            return List.of();
        }
        var tasks = jdbc.query(LOCK_CANCELS, due.addValue("ids", candidates), rows::taskRun);
        if (tasks.isEmpty()) {
            return List.of();
        }
        jdbc.update(
                LEASE_CANCELS,
                new MapSqlParameterSource()
                        .addValue("lease", JdbcTimes.toJdbc(now.plus(lease)))
                        .addValue(
                                "ids",
                                tasks.stream().map(task -> task.taskRunId).toList()));
        var heads = new HashMap<String, RunHead>();
        inChunks(JdbcHotStatements.HEADS, tasks.stream().map(task -> task.runId).toList(), rows::head)
                .forEach(head -> heads.put(head.runId(), head));
        return tasks.stream()
                .map(task -> new Claim(task, java.util.Objects.requireNonNull(heads.get(task.runId)), false))
                .toList();
    }

    @Override
    public Map<String, TaskRunHead> heads(Collection<String> taskRunIds) {
        var heads = new HashMap<String, TaskRunHead>();
        inChunks(
                        HEADS,
                        taskRunIds,
                        (row, number) -> new TaskRunHead(
                                row.getString("task_run_id"),
                                row.getString("run_id"),
                                new SlotKey(row.getString("group_key"), row.getString("ordering_key")),
                                row.getString("system_key"),
                                row.getInt("attempt"),
                                TaskRunState.valueOf(row.getString("state"))))
                .forEach(head -> heads.put(head.taskRunId(), head));
        return heads;
    }

    @Override
    public @Nullable SlotKey slotOf(String runId) {
        return jdbc
                .query(
                        SLOT_OF_RUN,
                        Map.of("run", runId),
                        (row, number) -> new SlotKey(row.getString("group_key"), row.getString("ordering_key")))
                .stream()
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<Flagged> flagOverdue(int limit, Instant now) {
        return raise(OVERDUE_CANDIDATES.formatted(limit), LOCK_OVERDUE, FLAG_OVERDUE, now);
    }

    @Override
    public List<Flagged> flagSilent(int limit, Instant now) {
        return raise(SILENT_CANDIDATES.formatted(limit), LOCK_SILENT, FLAG_SILENT, now);
    }

    @Override
    public List<Flagged> flagNoAnswer(int limit, Instant now) {
        return raise(NO_ANSWER_CANDIDATES.formatted(limit), LOCK_NO_ANSWER, FLAG_NO_ANSWER, now);
    }

    @Override
    public List<Flagged> flagLate(int limit, Instant now) {
        return raise(LATE_CANDIDATES.formatted(limit), LOCK_LATE, FLAG_LATE, now);
    }

    private List<Flagged> raise(String candidatesQuery, String lock, String flag, Instant now) {
        var due = new MapSqlParameterSource().addValue("now", JdbcTimes.toJdbc(now));
        var candidates = jdbc.queryForList(candidatesQuery, due, String.class);
        if (candidates.isEmpty()) {
            return List.of();
        }
        var flagged = jdbc.query(
                lock,
                due.addValue("ids", candidates),
                (row, number) -> new Flagged(
                        row.getString("id"),
                        row.getString("run_id"),
                        row.getString("group_key"),
                        row.getString("task_key"),
                        row.getString("system_key"),
                        JdbcTimes.instant(row, "since")));
        if (!flagged.isEmpty()) {
            jdbc.update(flag, Map.of("ids", flagged.stream().map(Flagged::id).toList()));
        }
        return flagged;
    }

    @Override
    public List<String> timedOut(int limit, Instant now) {
        return jdbc.queryForList(TIMED_OUT.formatted(limit), Map.of("now", JdbcTimes.toJdbc(now)), String.class);
    }

    @Override
    public Set<SlotKey> stalledSlots(int limit) {
        return new HashSet<>(jdbc.query(
                STALLED.formatted(limit),
                Map.of(),
                (row, number) -> new SlotKey(row.getString("group_key"), row.getString("ordering_key"))));
    }

    @Override
    public int purgeIdleSlots(int limit, Instant unusedSince) {
        var idle = jdbc.query(
                IDLE_SLOTS.formatted(limit),
                Map.of("unused", ChronoUnit.MICROS.between(Instant.EPOCH, unusedSince)),
                (row, number) -> new Slot(
                        new SlotKey(row.getString("group_key"), row.getString("ordering_key")),
                        row.getString("active_run_id"),
                        row.getLong("last_place")));
        int purged = 0;
        for (Slot slot : new TreeMap<>(
                        idle.stream().collect(java.util.stream.Collectors.toMap(one -> one.key, one -> one)))
                .values()) {
            purged += jdbc.update(
                    DELETE_SLOT,
                    new MapSqlParameterSource()
                            .addValue("group", slot.key.group())
                            .addValue("key", slot.key.orderingKey())
                            .addValue("place", slot.lastPlace));
        }
        return purged;
    }

    @Override
    public Map<String, SlotKey> queued(String group) {
        var queued = new HashMap<String, SlotKey>();
        jdbc.query(QUEUED, Map.of("group", group), row -> {
            queued.put(row.getString("run_id"), new SlotKey(row.getString("group_key"), row.getString("ordering_key")));
        });
        return queued;
    }

    @Override
    public List<Waiter> waiting(SlotKey key, int limit) {
        return jdbc.query(
                WAITING.formatted(limit),
                new MapSqlParameterSource().addValue("group", key.group()).addValue("key", key.orderingKey()),
                (row, number) -> new Waiter(
                        row.getString("run_id"), key, row.getInt("keyed") != 0, row.getObject("held_since") != null));
    }

    @Override
    public int countQueued(String group, int upTo) {
        var count = jdbc.queryForObject(COUNT_QUEUED.formatted(upTo), Map.of("group", group), Integer.class);
        return count == null ? 0 : count;
    }

    @Override
    public boolean tryGate(String group) {
        if (!madeGates.contains(group)) {
            lockGate(group);
            return true;
        }
        return !jdbc.queryForList(TRY_GATE, Map.of("group", group), String.class)
                .isEmpty();
    }

    @Override
    public void lockGate(String group) {
        var gate = Map.of("group", group);
        if (jdbc.queryForList(LOCK_GATE, gate, String.class).isEmpty()) {
            makeGate(gate);
            jdbc.queryForList(LOCK_GATE, gate, String.class);
        }
        madeGates.add(group);
    }

    private void makeGate(Map<String, String> gate) {
        if (dialect == SqlDialect.POSTGRESQL) {
            jdbc.update(POSTGRES_INSERT_GATE, gate);
            return;
        }
        try {
            jdbc.update(INSERT_GATE, gate);
        } catch (DuplicateKeyException e) {
            LOG.debug("gate {} was made by another node", gate);
        }
    }

    @Override
    public int activeInGate(String group) {
        var count = jdbc.queryForObject(ACTIVE_IN_GATE, Map.of("group", group), Integer.class);
        return count == null ? 0 : count;
    }

    @Override
    public List<Waiter> nextInGate(String group, int limit) {
        return jdbc.query(
                NEXT_IN_GATE.formatted(limit),
                Map.of("group", group),
                (row, number) -> new Waiter(
                        row.getString("run_id"),
                        new SlotKey(group, row.getString("ordering_key")),
                        row.getInt("keyed") != 0,
                        false));
    }

    @Override
    public Set<String> waitingGates() {
        return new TreeSet<>(jdbc.queryForList(WAITING_GATES, Map.of(), String.class));
    }

    @Override
    public void afterCommit(Runnable work) {
        afterCommit.add(work);
    }

    @Override
    public boolean hasOpenRuns(String group) {
        return !jdbc.queryForList(OPEN_RUN, Map.of("group", group), String.class)
                .isEmpty();
    }

    @Override
    public Map<Integer, Long> openRunsByVersion(String group) {
        var runs = new HashMap<Integer, Long>();
        jdbc.query(OPEN_RUNS_BY_VERSION, Map.of("group", group), row -> {
            runs.put(row.getInt("group_version"), row.getLong("runs"));
        });
        return runs;
    }

    @Override
    public List<TriggeredRun> ofTrigger(String triggerId) {
        return outcomes(jdbc.query(OF_TRIGGER, Map.of("trigger", triggerId), rows::run));
    }

    @Override
    public Map<String, List<TriggeredRun>> ofTriggers(Collection<String> triggerIds) {
        var runs = inChunks(OF_TRIGGERS, triggerIds, rows::run);
        var outcomes = outcomes(runs);
        var byTrigger = new HashMap<String, List<TriggeredRun>>();
        for (int i = 0; i < runs.size(); i++) {
            byTrigger
                    .computeIfAbsent(runs.get(i).triggerId, id -> new ArrayList<>())
                    .add(outcomes.get(i));
        }
        return byTrigger;
    }

    @Override
    public Map<String, TriggeredRun> outcomes(Collection<String> runIds) {
        var byId = new HashMap<String, TriggeredRun>();
        outcomes(inChunks(RUNS, runIds, rows::run)).forEach(run -> byId.put(run.runId(), run));
        return byId;
    }

    @Override
    public Set<String> ended(Collection<String> runIds) {
        var ended = new HashSet<>(runIds);
        inChunks(OPEN_OF_RUNS, runIds, (row, number) -> row.getString("run_id")).forEach(ended::remove);
        return ended;
    }

    private List<TriggeredRun> outcomes(List<Run> runs) {
        var byId = new HashMap<String, Run>();
        runs.forEach(run -> byId.put(run.runId, run));
        for (TaskRun task : inChunks(TASK_RUNS_OF_RUNS, byId.keySet(), rows::taskRun)) {
            java.util.Objects.requireNonNull(byId.get(task.runId)).taskRuns.add(task);
        }
        runs.forEach(Run::orderTaskRuns);
        return runs.stream().map(Run::outcome).toList();
    }

    @Override
    public @Nullable Run read(String runId) {
        return jdbc.query(READ_RUN, Map.of("run", runId), rows::run).stream()
                .findFirst()
                .map(run -> {
                    run.taskRuns.addAll(inChunks(TASK_RUNS_OF_RUNS, List.of(runId), rows::taskRun));
                    return run;
                })
                .orElse(null);
    }

    @Override
    public List<Unresolved> unresolved(@Nullable Unresolved after, int limit) {
        var parameters = new MapSqlParameterSource();
        if (after != null) {
            parameters.addValue("since", JdbcTimes.toJdbc(after.since())).addValue("run", after.runId());
        }
        return jdbc.query(
                (after == null ? UNRESOLVED : UNRESOLVED_AFTER).formatted(limit),
                parameters,
                (row, number) -> new Unresolved(JdbcTimes.instant(row, "unresolved_since"), row.getString("run_id")));
    }

    @Override
    public Map<String, String> laterSuccesses(Collection<String> runIds) {
        var successes = new HashMap<String, String>();
        inChunks(
                        LATER_SUCCESSES,
                        runIds,
                        (row, number) -> Map.entry(row.getString("run_id"), row.getString("successor")))
                .forEach(success -> successes.put(success.getKey(), success.getValue()));
        return successes;
    }

    @Override
    public List<String> lapsedResolutions(int limit, Instant now) {
        return jdbc.queryForList(
                LAPSED_RESOLUTIONS.formatted(limit), Map.of("now", JdbcTimes.toJdbc(now)), String.class);
    }

    private <T> List<T> inChunks(String statement, Collection<String> ids, RowMapper<T> mapper) {
        if (ids.isEmpty()) {
            return List.of();
        }
        if (dialect == SqlDialect.POSTGRESQL) {
            // One array parameter: one statement text, whatever the number of ids.
            return jdbc.query(
                    statement.replace("in (:ids)", "= any(:ids)"),
                    new MapSqlParameterSource().addValue("ids", ids.toArray(String[]::new)),
                    mapper);
        }
        var sorted = List.copyOf(new TreeSet<>(ids));
        var found = new ArrayList<T>();
        for (int from = 0; from < sorted.size(); from += IN_LIST) {
            var some = sorted.subList(from, Math.min(sorted.size(), from + IN_LIST));
            found.addAll(jdbc.query(statement, Map.of("ids", some), mapper));
        }
        return found;
    }
}
