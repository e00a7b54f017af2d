package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.JdbcRunViews.Position;
import io.syncline.scheduler.ops.TaskRunView.CallView;
import io.syncline.scheduler.run.AllowedActions;
import io.syncline.scheduler.run.KeptReports;
import io.syncline.scheduler.run.RunAction;
import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.run.TaskAction;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.Scope;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts the views of runs together, each from one snapshot of a moment as far as the database gives one. */
@Component
class RunViews {

    private final JdbcRunViews rows;
    private final TaskGroups groups;
    private final DatabaseClock clock;
    private final JsonMapper json;
    private final Runs runs;
    private final KeptReports reports;

    RunViews(
            JdbcRunViews rows,
            TaskGroups groups,
            DatabaseClock clock,
            JsonMapper json,
            Runs runs,
            KeptReports reports) {
        this.runs = runs;
        this.reports = reports;
        this.rows = rows;
        this.groups = groups;
        this.clock = clock;
        this.json = json;
    }

    @Transactional(readOnly = true)
    public PageView<RunView> page(RunFilter filter, @Nullable String cursor, int limit, Caller caller) {
        var list = "runs " + filter;
        var after = position(ListCursor.read(list, cursor));
        var found = rows.page(filter.at(clock.now()), after, limit, caller.labels()).stream()
                .map(run -> run.as(caller))
                .toList();
        if (found.size() <= limit) {
            return new PageView<>(found, null);
        }
        var items = found.subList(0, limit);
        var last = items.get(limit - 1);
        return new PageView<>(List.copyOf(items), ListCursor.write(list, last.createdAt() + " " + last.runId()));
    }

    /** Counts of the runs of a filter over time; the work is bounded, however many there are. */
    @Transactional(readOnly = true)
    public RunHistogram histogram(RunFilter filter, Caller caller) {
        var now = clock.now();
        var asked = filter.at(now);
        var bounds = RunHistogram.bounds(asked, now);
        var step = RunHistogram.step(bounds);
        var spans = RunHistogram.spans(bounds, step);
        var states = rows.states(asked, spans, caller.labels());
        var counted = new ArrayList<RunHistogram.Span>();
        for (int i = 0; i < spans.size(); i++) {
            var ofSpan = states.getOrDefault(i, Map.of());
            long sum = ofSpan.values().stream().mapToInt(Integer::intValue).sum();
            counted.add(new RunHistogram.Span(
                    spans.get(i).from(),
                    spans.get(i).to(),
                    sum > RunHistogram.MOST_COUNTED
                            ? new BoundedCount(RunHistogram.MOST_COUNTED, "gte")
                            : new BoundedCount(sum, "eq"),
                    ofSpan));
        }
        return new RunHistogram(bounds.from(), bounds.to(), step.toString(), counted);
    }

    private static @Nullable Position position(@Nullable String last) {
        if (last == null) {
            return null;
        }
        try {
            var blank = last.indexOf(' ');
            return new Position(Instant.parse(last.substring(0, Math.max(0, blank))), last.substring(blank + 1));
        } catch (DateTimeException e) {
            throw ListCursor.refused(e);
        }
    }

    @Transactional(readOnly = true)
    public Optional<RunView> run(String runId, Caller caller) {
        return rows.find(runId, caller.labels()).map(stored -> {
            var allowed = allowed(runId, caller);
            return stored.view()
                    .with(
                            stored.view().flags(),
                            allowed.run().stream().map(RunAction::wire).sorted().toList(),
                            stored.view().tasks(),
                            taskRuns(stored, allowed));
        });
    }

    /** What may be done now, and by this caller. */
    private AllowedActions allowed(String runId, Caller caller) {
        var allowed = caller.has(Scope.RUNS_OPERATE) ? runs.allowedActions(runId, reports) : null;
        return allowed == null ? new AllowedActions(Set.of(), Map.of()) : allowed;
    }

    /** The run of a task run that these labels reach. */
    @Transactional(readOnly = true)
    public boolean taskRunExists(String taskRunId, Labels labels) {
        return rows.runOfTaskRun(taskRunId)
                .flatMap(runId -> rows.find(runId, labels))
                .isPresent();
    }

    @Transactional(readOnly = true)
    public boolean exists(String runId, Labels labels) {
        return rows.find(runId, labels).isPresent();
    }

    @Transactional(readOnly = true)
    public Optional<TaskRunView> taskRun(String taskRunId, Caller caller) {
        return rows.runOfTaskRun(taskRunId)
                .flatMap(runId -> rows.find(runId, caller.labels()))
                .flatMap(stored -> taskRuns(stored, allowed(stored.view().runId(), caller)).stream()
                        .filter(task -> task.taskRunId().equals(taskRunId))
                        .findFirst());
    }

    /** Empty when there is no such run within reach; its moves may be gone sooner than the run. */
    @Transactional(readOnly = true)
    public Optional<PageView<MoveView>> history(String runId, @Nullable String cursor, int limit, Labels labels) {
        return rows.find(runId, labels).map(stored -> {
            var list = "history " + runId;
            var found = rows.moves(runId, ListCursor.read(list, cursor), limit + 1);
            if (found.size() <= limit) {
                return new PageView<>(found, null);
            }
            var items = List.copyOf(found.subList(0, limit));
            return new PageView<>(
                    items, ListCursor.write(list, items.get(limit - 1).moveId()));
        });
    }

    private List<TaskRunView> taskRuns(JdbcRunViews.Stored stored, AllowedActions allowed) {
        var run = stored.view();
        var tasks = rows.taskRuns(run.runId());
        if (tasks.isEmpty()) {
            return List.of();
        }
        var waiting = new Waiting(
                run,
                tasks,
                groups.version(run.group(), run.groupVersion()).tasks(),
                stored.heldSince(),
                rows.turn(run.runId()),
                clock.now());
        var ids = tasks.stream().map(TaskRunRow::taskRunId).toList();
        var calls = rows.calls(ids);
        var callbacks = rows.callbacks(ids);
        return tasks.stream()
                .map(task -> view(
                        task,
                        waiting.sentence(task),
                        allowed.taskRuns().getOrDefault(task.taskRunId(), Set.of()),
                        calls.getOrDefault(task.taskRunId(), List.of()),
                        callbacks.getOrDefault(task.taskRunId(), List.of())))
                .toList();
    }

    private TaskRunView view(
            TaskRunRow task,
            @Nullable String waitsFor,
            Set<TaskAction> allowed,
            List<CallView> calls,
            List<TaskRunView.CallbackView> callbacks) {
        var tooMany = calls.size() > JdbcRunViews.MOST_CALLS;
        return new TaskRunView(
                task.taskRunId(),
                task.runId(),
                task.task(),
                task.system(),
                task.state(),
                task.attempt(),
                task.round(),
                task.cause(),
                task.message(),
                task.manual(),
                FlagView.of(null, task.overdueSince(), task.conflictSince(), task.silentSince()),
                task.cancel(),
                task.isOpen() ? task.dueAt() : null,
                task.deadlineAt(),
                task.startedAt(),
                task.endedAt(),
                waitsFor,
                json(task.progress()),
                json(task.result()),
                json(task.files()),
                json(task.reconciliation()),
                allowed.stream().map(TaskAction::wire).sorted().toList(),
                tooMany ? calls.subList(1, calls.size()) : calls,
                tooMany,
                callbacks);
    }

    private @Nullable JsonNode json(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }
}
