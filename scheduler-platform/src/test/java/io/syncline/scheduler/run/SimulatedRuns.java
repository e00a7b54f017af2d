package io.syncline.scheduler.run;

import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.catalog.TaskDefinition;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.InMemoryRunStore.Entry;
import io.syncline.scheduler.run.InMemoryRunStore.Tables;
import io.syncline.scheduler.run.InMemoryRunStore.Transactions;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.testing.InMemoryTables;
import io.syncline.scheduler.testing.InMemoryTables.Change;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The runs of simulated nodes on one in-memory database, and their rows as a checker may see them. */
public final class SimulatedRuns {

    /** A run as it was committed. */
    public record RunRow(
            String runId,
            TaskGroup group,
            String orderingKey,
            boolean keyed,
            boolean needsSlot,
            String triggerId,
            String triggerBody,
            long inboxPlace,
            @Nullable String rerunOf,
            RunState state,
            int version,
            boolean held,
            @Nullable String mergedInto) {}

    /** A task run as it was committed. */
    public record TaskRunRow(
            String taskRunId,
            String runId,
            String group,
            int taskNo,
            TaskDefinition task,
            TaskRunState state,
            int attempt,
            int round,
            long fence,
            int version,
            @Nullable Instant dueAt,
            @Nullable String leaseNode,
            @Nullable Instant leaseUntil,
            @Nullable Cause cause,
            boolean manual,
            boolean cancelPending) {}

    /** @param before null: it was inserted */
    public record Changed<R>(@Nullable R before, R after) {}

    /** What one transaction did, each row once. */
    public record Commit(List<Changed<RunRow>> runs, List<Changed<TaskRunRow>> taskRuns, List<Move> moves) {}

    private final InMemoryTables database;
    private final Tables tables;

    public SimulatedRuns(InMemoryTables database) {
        this.database = database;
        this.tables = new Tables(database);
    }

    public Runs on(
            String node,
            PlatformTransactionManager transactions,
            DatabaseClock clock,
            TaskGroups groups,
            RandomGenerator random,
            Consumer<DueWork> wakeUp,
            AlertSignals alerts,
            StoreFaults faults) {
        var template = new TransactionTemplate(transactions);
        var within = new Transactions() {
            @Override
            public <T extends @Nullable Object> T in(Supplier<T> work) {
                return template.execute(status -> work.get());
            }
        };
        var store = new FaultyRunStore(new InMemoryRunStore(tables, within, clock, node), faults);
        return new Runs(store, groups, random, wakeUp, moved -> {}, alerts, node);
    }

    public Commit commit(List<Change> changes) {
        var runs = new LinkedHashMap<Object, Changed<RunRow>>();
        var taskRuns = new LinkedHashMap<Object, Changed<TaskRunRow>>();
        var moves = new ArrayList<Move>();
        for (Change change : changes) {
            if (change.table() == tables.journal) {
                moves.add(((Entry) Objects.requireNonNull(change.after())).move());
            } else if (change.table() == tables.runs) {
                var known = runs.get(change.key());
                var before = known != null ? known.before() : rowOrNull((Run) change.before());
                runs.put(change.key(), new Changed<>(before, row((Run) Objects.requireNonNull(change.after()))));
            } else if (change.table() == tables.taskRuns) {
                var known = taskRuns.get(change.key());
                var before = known != null ? known.before() : rowOrNull((TaskRun) change.before());
                taskRuns.put(
                        change.key(), new Changed<>(before, row((TaskRun) Objects.requireNonNull(change.after()))));
            }
        }
        return new Commit(List.copyOf(runs.values()), List.copyOf(taskRuns.values()), moves);
    }

    public Collection<RunRow> runs() {
        return tables.runs.values().stream().map(SimulatedRuns::row).toList();
    }

    public List<TaskRunRow> taskRuns() {
        return tables.taskRuns.values().stream().map(SimulatedRuns::row).toList();
    }

    public List<TaskRunRow> taskRunsOf(String runId) {
        return tables.taskRuns.values().stream()
                .filter(task -> task.runId.equals(runId))
                .map(SimulatedRuns::row)
                .sorted((one, other) -> Integer.compare(one.taskNo(), other.taskNo()))
                .toList();
    }

    public @Nullable RunRow run(String runId) {
        return rowOrNull(tables.runs.get(runId));
    }

    public @Nullable TaskRunRow taskRun(String taskRunId) {
        return rowOrNull(tables.taskRuns.get(taskRunId));
    }

    /** The run that holds each taken place, by group and ordering key. */
    public Map<String, String> holders() {
        var holders = new LinkedHashMap<String, String>();
        tables.slots.values().stream()
                .filter(slot -> !slot.isFree())
                .forEach(slot -> holders.put(slot.key.group() + "/" + slot.key.orderingKey(), slot.activeRunId));
        return holders;
    }

    /** All tables of the platform's core, those of other rooms included. */
    public InMemoryTables database() {
        return database;
    }

    private static @Nullable RunRow rowOrNull(@Nullable Run run) {
        return run == null ? null : row(run);
    }

    private static @Nullable TaskRunRow rowOrNull(@Nullable TaskRun task) {
        return task == null ? null : row(task);
    }

    private static RunRow row(Run run) {
        return new RunRow(
                run.runId,
                run.group,
                run.orderingKey,
                run.keyed,
                run.needsSlot(),
                run.triggerId,
                run.triggerBody,
                run.inboxPlace,
                run.rerunOf,
                run.state,
                run.version,
                run.heldSince != null,
                run.mergedInto);
    }

    private static TaskRunRow row(TaskRun task) {
        return new TaskRunRow(
                task.taskRunId,
                task.runId,
                task.group,
                task.taskNo,
                task.task,
                task.state,
                task.attempt,
                task.round,
                task.fence,
                task.version,
                task.dueAt,
                task.leaseNode,
                task.leaseUntil,
                task.cause,
                task.manual,
                task.isCancelPending());
    }
}
