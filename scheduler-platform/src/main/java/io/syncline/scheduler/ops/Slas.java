package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.ops.ClusterView.BoundedCount;
import io.syncline.scheduler.ops.JdbcSla.Run;
import io.syncline.scheduler.ops.SlaView.CauseCount;
import io.syncline.scheduler.ops.SlaView.Freshness;
import io.syncline.scheduler.security.Labels;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Tells how well groups have kept to what they promise, from the runs themselves: no more of them are read than a bound, which
 * is told where it is met, so that an answer takes the same time however many runs are kept.
 */
@Component
class Slas {

    static final int MOST_RUNS = 10_000;
    static final int MOST_RUNS_OF_EACH = 200;
    static final int MOST_RUNS_OF_TASKS = 1_000;
    static final double USUAL_OBJECTIVE = 99;
    private static final Duration BUDGET_OF = Duration.ofDays(30);

    private final JdbcSla rows;
    private final JdbcOverview groupRows;
    private final TaskGroups groups;

    Slas(JdbcSla rows, JdbcOverview groupRows, TaskGroups groups) {
        this.rows = rows;
        this.groupRows = groupRows;
        this.groups = groups;
    }

    @Transactional(readOnly = true)
    public SlaView.Groups all(SlaRange range, Labels labels) {
        var found = groupRows.groups(labels);
        return new SlaView.Groups(
                range.from(),
                range.to(),
                found.stream()
                        .limit(JdbcOverview.MOST_GROUPS)
                        .map(group -> line(group, range))
                        .toList(),
                found.size() <= JdbcOverview.MOST_GROUPS);
    }

    private SlaView.GroupLine line(JdbcOverview.Group group, SlaRange range) {
        var runs = rows.runs(group.key(), range.from(), range.to(), MOST_RUNS_OF_EACH + 1);
        var counted = counted(runs, MOST_RUNS_OF_EACH);
        return new SlaView.GroupLine(
                group.key(),
                freshness(group.key(), group.version(), range),
                SlaSums.of(counted).totals(count(runs, counted)));
    }

    /**
     * @param objective part of the judged runs that is to be on time, percent
     * @return empty: there is no such group, or it is out of reach
     */
    @Transactional(readOnly = true)
    public Optional<SlaView.OneGroup> one(String group, SlaRange range, double objective, Labels labels) {
        if (!groups.withinReach(labels, Set.of(group)).contains(group)) {
            return Optional.empty();
        }
        return rows.latestVersion(group).map(version -> one(group, version, range, objective));
    }

    private SlaView.OneGroup one(String group, int version, SlaRange range, double objective) {
        var runs = rows.runs(group, range.from(), range.to(), MOST_RUNS + 1);
        var counted = counted(runs, MOST_RUNS);
        var isAll = counted.size() == runs.size();
        var countedFrom = isAll ? range.from() : counted.get(counted.size() - 1).createdAt();
        return new SlaView.OneGroup(
                group,
                range.from(),
                range.to(),
                range.zone().equals(ZoneOffset.UTC) ? "UTC" : range.zone().getId(),
                countedFrom,
                freshness(group, version, range),
                SlaSums.of(counted).totals(count(runs, counted)),
                SlaSums.days(
                        range.since(countedFrom),
                        counted,
                        rows.lastSuccess(group, countedFrom).orElse(null)),
                causes(counted, rows.causes(group, range.from(), range.to(), MOST_RUNS)),
                budget(group, range, runs, objective),
                SlaSums.tasks(rows.taskTimes(group, range.from(), range.to(), MOST_RUNS_OF_TASKS)));
    }

    /** @param runs of the range, newest first, one more than are counted where there are more */
    private SlaView.Budget budget(String group, SlaRange range, List<Run> runs, double objective) {
        var month = range.since(range.to().minus(BUDGET_OF));
        var isWithin = !month.from().isBefore(range.from());
        var ofMonth = isWithin
                ? runs.stream()
                        .filter(run -> !run.createdAt().isBefore(month.from()))
                        .toList()
                : rows.runs(group, month.from(), month.to(), MOST_RUNS + 1);
        return SlaSums.of(counted(ofMonth, MOST_RUNS)).budget(month, objective, ofMonth.size() <= MOST_RUNS);
    }

    private static List<Run> counted(List<Run> runs, int most) {
        return runs.subList(0, Math.min(runs.size(), most));
    }

    private static BoundedCount count(List<Run> runs, List<Run> counted) {
        return new BoundedCount(counted.size(), counted.size() < runs.size() ? "gte" : "eq");
    }

    private Freshness freshness(String group, int version, SlaRange range) {
        var target = groups.version(group, version).freshness();
        @Nullable Instant success = rows.lastSuccess(group, range.to()).orElse(null);
        return new Freshness(
                target == null ? null : target.toString(),
                success,
                target != null && success != null && success.plus(target).isBefore(range.to()));
    }

    private static List<CauseCount> causes(List<Run> runs, Map<String, String> causeOf) {
        var counts = new HashMap<String, Integer>();
        runs.stream()
                .filter(run -> run.state().equals("FAILED"))
                .forEach(run -> counts.merge(causeOf.getOrDefault(run.runId(), "UNKNOWN"), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(cause -> new CauseCount(cause.getKey(), cause.getValue()))
                .sorted(Comparator.comparing(CauseCount::runs).reversed().thenComparing(CauseCount::cause))
                .toList();
    }
}
