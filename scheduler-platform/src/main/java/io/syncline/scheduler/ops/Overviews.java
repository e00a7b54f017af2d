package io.syncline.scheduler.ops;

import io.syncline.scheduler.alert.Alerts;
import io.syncline.scheduler.alert.Deliveries;
import io.syncline.scheduler.alert.IncidentFilter;
import io.syncline.scheduler.alert.IncidentView;
import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.OverviewView.Attention;
import io.syncline.scheduler.ops.OverviewView.ClusterLine;
import io.syncline.scheduler.ops.OverviewView.Counts;
import io.syncline.scheduler.ops.OverviewView.DueStart;
import io.syncline.scheduler.ops.OverviewView.FailedGroup;
import io.syncline.scheduler.ops.OverviewView.GroupStrip;
import io.syncline.scheduler.ops.OverviewView.LateRun;
import io.syncline.scheduler.ops.OverviewView.RejectedSource;
import io.syncline.scheduler.ops.OverviewView.RunningRun;
import io.syncline.scheduler.run.TaskRunState;
import io.syncline.scheduler.security.Caller;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Puts together what the first page shows. */
@Component
class Overviews {

    private static final Duration DUE_WITHIN = Duration.ofHours(2);
    private static final int MOST_ROWS = 50;
    private static final int MOST_RUNNING = 20;
    private static final int MOST_FIRE_TIMES = 100;
    private static final int MOST_INCIDENTS = 50;
    private static final String SCHEDULES = "schedules";

    /** Of these the runs and messages themselves are shown. */
    private static final Set<AlertCondition> SHOWN_BY_THEMSELVES = Arrays.stream(AlertCondition.values())
            .filter(condition -> condition.isFailure()
                    || condition == AlertCondition.OVERDUE
                    || condition == AlertCondition.SILENT
                    || condition == AlertCondition.REJECTED_TRIGGER)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<AlertCondition> ALL_OTHERS =
            Set.copyOf(EnumSet.complementOf(EnumSet.copyOf(SHOWN_BY_THEMSELVES)));

    private final JdbcOverview rows;
    private final JdbcRunViews runs;
    private final JdbcQueueDepths depths;
    private final TaskGroups groups;
    private final Alerts alerts;
    private final Deliveries deliveries;
    private final SchedulingPauses pauses;
    private final ClusterClock clusterClock;
    private final Nodes nodes;
    private final DatabaseClock clock;
    private final JsonMapper json;

    Overviews(
            JdbcOverview rows,
            JdbcRunViews runs,
            JdbcQueueDepths depths,
            TaskGroups groups,
            Alerts alerts,
            Deliveries deliveries,
            SchedulingPauses pauses,
            ClusterClock clusterClock,
            Nodes nodes,
            DatabaseClock clock,
            JsonMapper json) {
        this.rows = rows;
        this.runs = runs;
        this.depths = depths;
        this.groups = groups;
        this.alerts = alerts;
        this.deliveries = deliveries;
        this.pauses = pauses;
        this.clusterClock = clusterClock;
        this.nodes = nodes;
        this.clock = clock;
        this.json = json;
    }

    @Transactional(readOnly = true)
    public OverviewView overview(Caller caller) {
        var now = clock.now();
        var labels = caller.labels();
        var failedGroups = rows.failedGroups(labels);
        var unresolved = unresolved(failedGroups);
        var flagged = flagged(labels);
        var rejected = rows.rejected(now, labels);
        var standing = standing(caller);
        var attention = new Attention(
                failed(failedGroups, unresolved, standing.items(), caller),
                late(flagged, standing.items(), caller),
                rejectedSources(rejected),
                standing.items().stream()
                        .filter(incident -> !SHOWN_BY_THEMSELVES.contains(condition(incident)))
                        .toList(),
                failedGroups.size() > MOST_ROWS || flagged.size() > MOST_ROWS || standing.nextCursor() != null);
        var running = runs.page(inState("RUNNING"), null, MOST_RUNNING, labels);
        var strips = rows.groups(labels);
        return new OverviewView(
                now,
                attention,
                attention.isEmpty() ? rows.lastFailure(labels).orElse(null) : null,
                running(running.stream().limit(MOST_RUNNING).toList()),
                running.size() > MOST_RUNNING,
                due(now, labels),
                strips(strips.stream().limit(JdbcOverview.MOST_GROUPS).toList(), now),
                strips.size() > JdbcOverview.MOST_GROUPS,
                cluster(now, labels),
                counts(unresolved.values(), flagged.size(), rejected, labels));
    }

    @Transactional(readOnly = true)
    public Counts counts(Caller caller) {
        var labels = caller.labels();
        return counts(
                unresolved(rows.failedGroups(labels)).values(),
                flagged(labels).size(),
                rows.rejected(clock.now(), labels),
                labels);
    }

    private Counts counts(
            Collection<List<JdbcOverview.Unresolved>> failed,
            int late,
            List<JdbcOverview.Rejected> rejected,
            Labels labels) {
        var most = JdbcOverview.MOST_COUNTED + 1;
        var others = alerts.open(ALL_OTHERS, labels, most);
        var firing = others + alerts.open(SHOWN_BY_THEMSELVES, labels, most);
        var open = failed.stream()
                        .filter(group -> !group.stream().allMatch(JdbcOverview.Unresolved::acknowledged))
                        .count()
                + late
                + rejected.stream()
                        .map(JdbcOverview.Rejected::source)
                        .distinct()
                        .count()
                + others;
        return new Counts(
                bounded(open),
                bounded(rejected.size()),
                bounded(firing),
                bounded(deliveries.dead(labels, most)),
                pauses.find().orElse(null));
    }

    private static BoundedCount bounded(long count) {
        return count > JdbcOverview.MOST_COUNTED
                ? new BoundedCount(JdbcOverview.MOST_COUNTED, "gte")
                : new BoundedCount(count, "eq");
    }

    private Map<String, List<JdbcOverview.Unresolved>> unresolved(List<JdbcOverview.FailedGroup> failed) {
        return rows.unresolved(failed.stream()
                .limit(MOST_ROWS)
                .map(JdbcOverview.FailedGroup::key)
                .toList());
    }

    /** By run, those that stand longest first. */
    private Map<String, List<JdbcOverview.Flagged>> flagged(Labels labels) {
        return rows.flagged(labels).stream()
                .collect(Collectors.groupingBy(JdbcOverview.Flagged::runId, LinkedHashMap::new, Collectors.toList()));
    }

    /** What has not been settled, and what may be done to it by this caller. */
    private PageView<IncidentView> standing(Caller caller) {
        var page = alerts.list(
                IncidentFilter.of(List.of("OPEN", "ACKNOWLEDGED"), null, null),
                new PageRequest(MOST_INCIDENTS, null),
                caller.labels());
        return new PageView<>(
                page.items().stream()
                        .map(incident -> AlertsController.shown(incident, caller))
                        .toList(),
                page.nextCursor());
    }

    private static AlertCondition condition(IncidentView incident) {
        return AlertCondition.valueOf(incident.condition());
    }

    /** The incident that tells of a group, one that waits for somebody before one that does not. */
    private static Optional<IncidentView> about(
            String group, List<IncidentView> standing, Predicate<AlertCondition> condition) {
        return standing.stream()
                .filter(incident ->
                        condition.test(condition(incident)) && incident.groups().contains(group))
                .min(Comparator.comparing(incident -> incident.state().equals("OPEN") ? 0 : 1));
    }

    private List<FailedGroup> failed(
            List<JdbcOverview.FailedGroup> failedGroups,
            Map<String, List<JdbcOverview.Unresolved>> unresolved,
            List<IncidentView> standing,
            Caller caller) {
        var newest = unresolved.values().stream().map(all -> all.get(0).runId()).toList();
        var views = views(newest, caller);
        var tasks = rows.failedTasks(newest);
        var firstSince = failedGroups.stream()
                .collect(Collectors.toMap(JdbcOverview.FailedGroup::key, JdbcOverview.FailedGroup::firstSince));
        return unresolved.entrySet().stream()
                .flatMap(group -> {
                    var all = group.getValue();
                    var last = all.get(0);
                    var run = views.get(last.runId());
                    var task = tasks.get(last.runId());
                    var incident = about(group.getKey(), standing, AlertCondition::isFailure);
                    var acknowledged = all.stream()
                            .limit(JdbcOverview.MOST_COUNTED)
                            .filter(JdbcOverview.Unresolved::acknowledged)
                            .count();
                    return run == null
                            ? Stream.empty()
                            : Stream.of(new FailedGroup(
                                    group.getKey(),
                                    bounded(all.size()),
                                    acknowledged,
                                    firstSince.getOrDefault(group.getKey(), last.since()),
                                    last.since(),
                                    run.runId(),
                                    run.businessKey(),
                                    run.resolution(),
                                    task == null ? null : task.task(),
                                    task == null ? null : task.cause(),
                                    task == null ? null : task.message(),
                                    run.allowedActions(),
                                    incident.map(IncidentView::alertId).orElse(null),
                                    incident.map(IncidentView::state).orElse(null)));
                })
                .sorted(Comparator.comparing(FailedGroup::isAcknowledged)
                        .thenComparing(FailedGroup::lastSince, Comparator.reverseOrder()))
                .toList();
    }

    private List<LateRun> late(
            Map<String, List<JdbcOverview.Flagged>> flagged, List<IncidentView> standing, Caller caller) {
        var shown = flagged.entrySet().stream().limit(MOST_ROWS).toList();
        var views = views(shown.stream().map(Map.Entry::getKey).toList(), caller);
        return shown.stream()
                .flatMap(flags -> {
                    var run = views.get(flags.getKey());
                    return run == null
                            ? Stream.empty()
                            : Stream.of(late(run, flags.getValue().get(0), standing));
                })
                .toList();
    }

    private static LateRun late(RunView run, JdbcOverview.Flagged task, List<IncidentView> standing) {
        var incident = about(
                run.group(),
                standing,
                condition -> condition == AlertCondition.OVERDUE || condition == AlertCondition.SILENT);
        return new LateRun(
                run.runId(),
                run.group(),
                run.businessKey(),
                run.flags(),
                task.task(),
                task.lastSign(),
                task.deadline(),
                run.allowedActions(),
                incident.map(IncidentView::alertId).orElse(null),
                incident.map(IncidentView::state).orElse(null));
    }

    private List<RejectedSource> rejectedSources(List<JdbcOverview.Rejected> rejected) {
        var sources = rejected.stream()
                .collect(Collectors.groupingBy(JdbcOverview.Rejected::source, LinkedHashMap::new, Collectors.toList()));
        return sources.entrySet().stream()
                .limit(MOST_ROWS)
                .map(source -> {
                    var all = source.getValue();
                    var last = all.get(0);
                    var problem = json(last.problem());
                    return new RejectedSource(
                            source.getKey(),
                            bounded(all.size()),
                            all.get(all.size() - 1).at(),
                            last.at(),
                            last.triggerId(),
                            text(problem, "title"),
                            text(problem, "detail"));
                })
                .toList();
    }

    private Map<String, RunView> views(List<String> runIds, Caller caller) {
        if (runIds.isEmpty()) {
            return Map.of();
        }
        return runs.page(filter(List.of(), runIds), null, runIds.size(), caller.labels()).stream()
                .map(run -> run.as(caller))
                .collect(Collectors.toMap(RunView::runId, Function.identity()));
    }

    private static RunFilter inState(String state) {
        return filter(List.of(state), List.of());
    }

    private static RunFilter filter(List<String> states, List<String> runIds) {
        return new RunFilter(
                List.of(), List.of(), states, List.of(), List.of(), runIds, null, null, null, null, null, null);
    }

    private List<RunningRun> running(List<RunView> shown) {
        var tasks = rows.tasks(shown.stream().map(RunView::runId).toList());
        var medians = rows.medians(shown.stream().map(RunView::group).distinct().toList());
        return shown.stream()
                .map(run -> {
                    var ofRun = tasks.getOrDefault(run.runId(), List.of());
                    var started = run.startedAt();
                    var median = medians.get(run.group());
                    return new RunningRun(
                            run.runId(),
                            run.group(),
                            run.businessKey(),
                            run.flags(),
                            started,
                            ofRun.size(),
                            (int) ofRun.stream().filter(Overviews::isDone).count(),
                            percent(ofRun),
                            started == null || median == null ? null : started.plus(median));
                })
                .toList();
    }

    private static boolean isDone(JdbcOverview.Task task) {
        return task.state().equals(TaskRunState.COMPLETED.name())
                || task.state().equals(TaskRunState.SKIPPED.name());
    }

    /** Every task counts the same, one that tells how far it is with its part. */
    private @Nullable Integer percent(List<JdbcOverview.Task> tasks) {
        if (tasks.isEmpty()) {
            return null;
        }
        var told = false;
        var sum = 0.0;
        for (var task : tasks) {
            var progress = isDone(task) ? null : json(task.progress());
            var total = progress == null ? 0 : progress.path("total").asDouble(0);
            if (isDone(task)) {
                told = true;
                sum += 1;
            } else if (progress != null && total > 0) {
                told = true;
                sum += Math.min(1, Math.max(0, progress.path("done").asDouble(0) / total));
            }
        }
        return told ? (int) Math.floor(100 * sum / tasks.size()) : null;
    }

    private List<DueStart> due(Instant now, Labels labels) {
        var soon = clusterClock.nextFireTimes(MOST_FIRE_TIMES, labels).stream()
                .filter(next -> next.kind().equals(SCHEDULES) && !next.at().isAfter(now.plus(DUE_WITHIN)))
                .toList();
        var pauses = rows.pauses(soon.stream().map(NextFireTime::name).toList());
        return soon.stream()
                .map(next -> new DueStart(
                        next.name(),
                        next.at(),
                        groups.current(next.name())
                                .flatMap(group -> Optional.ofNullable(group.schedule()))
                                .map(schedule -> schedule.zone().getId())
                                .orElse(null),
                        pauses.get(next.name())))
                .toList();
    }

    private List<GroupStrip> strips(List<JdbcOverview.Group> shown, Instant now) {
        var keys = shown.stream().map(JdbcOverview.Group::key).toList();
        var strips = rows.strips(keys);
        var pauses = rows.pauses(keys);
        return shown.stream()
                .map(group -> {
                    var target = groups.version(group.key(), group.version()).freshness();
                    var success = group.lastSuccess();
                    return new GroupStrip(
                            group.key(),
                            pauses.get(group.key()),
                            strips.getOrDefault(group.key(), List.of()),
                            success,
                            target == null ? null : target.toString(),
                            RecentRuns.isOverTarget(target, success, now));
                })
                .toList();
    }

    private ClusterLine cluster(Instant now, Labels labels) {
        var known = nodes.all();
        var depth = depths.depth(now, labels);
        return new ClusterLine(
                (int) known.stream().filter(Node::live).count(),
                (int) known.stream()
                        .filter(node -> !node.live() && node.stoppedAt() == null)
                        .count(),
                depth.due(),
                depth.queuedRuns(),
                bounded(rows.outbox()));
    }

    private @Nullable JsonNode json(@Nullable String text) {
        return text == null ? null : json.readTree(text);
    }

    private static @Nullable String text(@Nullable JsonNode problem, String member) {
        return problem != null && problem.path(member).isString()
                ? problem.path(member).stringValue()
                : null;
    }
}
