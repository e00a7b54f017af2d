package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.contracts.Reconciliation;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.observe.JdbcStanding.Active;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gauges of what the whole cluster shares, read from the database. Every node shows the same numbers, so that they are there
 * whichever node lives; take their maximum, not their sum.
 */
@Component
class ClusterGauges {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final double MILLIS = 1000.0;

    /** What a dead letter may be of; others are shown once there is one. */
    private static final List<String> KINDS = List.of("alert");

    private final JdbcStanding standing;
    private final TaskGroups groups;
    private final Nodes nodes;
    private final SteadyClock clock;

    private final LabelledGauge active;
    private final LabelledGauge overdue;
    private final LabelledGauge lastSuccess;
    private final LabelledGauge freshness;
    private final LabelledGauge mismatch;
    private final LabelledGauge dueAge;
    private final LabelledGauge dead;
    private final LabelledGauge credentials;
    private final LabelledGauge checkIns;

    private volatile double outboxPending;
    private volatile double outboxOldestAge;
    private volatile double refreshedAt;

    ClusterGauges(JdbcStanding standing, TaskGroups groups, Nodes nodes, SteadyClock clock, MeterRegistry meters) {
        this.standing = standing;
        this.groups = groups;
        this.nodes = nodes;
        this.clock = clock;
        this.active = new LabelledGauge("syncline.runs.active", "Runs in state RUNNING, up to 10000", "group", meters);
        this.overdue =
                new LabelledGauge("syncline.runs.overdue", "Active runs with an overdue task run", "group", meters);
        this.lastSuccess = new LabelledGauge(
                "syncline.last.success.timestamp.seconds", "End of the last COMPLETED run", "group", meters);
        this.freshness =
                new LabelledGauge("syncline.freshness.target.seconds", "The group's freshness", "group", meters);
        this.mismatch = new LabelledGauge(
                "syncline.reconciliation.mismatch.rows",
                "Rows off balance in the failed runs since the last success",
                "group",
                meters);
        this.dueAge = new LabelledGauge(
                "syncline.dispatch.oldest.due.age.seconds",
                "For how long the first due call has waited",
                "system",
                meters);
        this.dead =
                new LabelledGauge("syncline.dead.letters", "Messages that were given up, up to 10000", "kind", meters);
        this.credentials = new LabelledGauge(
                "syncline.credential.expiry.timestamp.seconds",
                "When the first client certificate of the system ends",
                "system",
                meters);
        this.checkIns = new LabelledGauge(
                "syncline.node.last.checkin.timestamp.seconds",
                "When the node last checked in, unless it left",
                "node",
                meters);
        Gauge.builder("syncline.outbox.pending", () -> outboxPending)
                .description("Messages that wait for delivery, up to 10000")
                .register(meters);
        Gauge.builder("syncline.outbox.oldest.age.seconds", () -> outboxOldestAge)
                .description("Age of the oldest of them; 0 without any")
                .register(meters);
        Gauge.builder("syncline.gauges.refreshed.timestamp.seconds", () -> refreshedAt)
                .description("When this node last read what the gauges of the cluster show")
                .register(meters);
    }

    /** Reads everything once. */
    void refresh() {
        var now = clock.now();
        var known = standing.groups();
        readRuns(known, now);
        readWork(now);
        checkIns.show(nodes.all().stream()
                .filter(node -> node.stoppedAt() == null)
                .collect(Collectors.toMap(Node::nodeId, node -> seconds(node.checkedInAt()))));
        refreshedAt = seconds(now);
    }

    private void readRuns(List<JdbcStanding.Group> known, Instant now) {
        var running = standing.runningByGroup();
        var lastSuccesses = new HashMap<String, Instant>();
        var activeRuns = new HashMap<String, Integer>();
        var overdueRuns = new HashMap<String, Integer>();
        var successes = new HashMap<String, Double>();
        var targets = new HashMap<String, Double>();
        for (var group : known) {
            var runs = running.getOrDefault(group.key(), new Active(0, 0));
            activeRuns.put(group.key(), runs.active());
            overdueRuns.put(group.key(), runs.overdue());
            var success = group.lastSuccess();
            if (success != null) {
                lastSuccesses.put(group.key(), success);
                successes.put(group.key(), seconds(success));
            }
            var target = groups.version(group.key(), group.version()).freshness();
            if (target != null) {
                targets.put(group.key(), target.toMillis() / MILLIS);
            }
        }
        active.show(activeRuns);
        overdue.show(overdueRuns);
        lastSuccess.show(successes);
        freshness.show(targets);
        var rows = mismatchRows(lastSuccesses);
        mismatch.show(known.stream()
                .map(JdbcStanding.Group::key)
                .collect(Collectors.toMap(Function.identity(), group -> rows.getOrDefault(group, 0L))));
    }

    private Map<String, Long> mismatchRows(Map<String, Instant> lastSuccesses) {
        var rows = new HashMap<String, Long>();
        for (var found : standing.mismatched()) {
            var success = lastSuccesses.get(found.group());
            if (success == null || success.isBefore(found.endedAt())) {
                rows.merge(
                        found.group(), offBy(JSON.readValue(found.reconciliation(), Reconciliation.class)), Long::sum);
            }
        }
        return rows;
    }

    /** The rows that are wrong; the difference of the two counts where nobody looked closer. */
    static long offBy(Reconciliation reconciliation) {
        var counted = orZero(reconciliation.missing())
                + orZero(reconciliation.unexpected())
                + orZero(reconciliation.different());
        var difference = Math.abs(orZero(reconciliation.expectedRows()) - orZero(reconciliation.actualRows()));
        return Math.max(counted, difference);
    }

    private static long orZero(@org.jspecify.annotations.Nullable Long rows) {
        return rows == null ? 0 : rows;
    }

    private void readWork(Instant now) {
        var oldest = standing.oldestDue();
        dueAge.show(byKey(oldest, since -> age(since, now)));
        var pending = standing.pending();
        var since = pending.oldest();
        outboxPending = pending.count();
        outboxOldestAge = since == null ? 0 : age(since, now);
        var kinds = new HashMap<String, Integer>();
        KINDS.forEach(kind -> kinds.put(kind, 0));
        kinds.putAll(standing.deadByKind());
        dead.show(kinds);
        credentials.show(byKey(standing.credentialsExpire(), ClusterGauges::seconds));
    }

    private static Map<String, Double> byKey(Map<String, Instant> instants, Function<Instant, Double> number) {
        return instants.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> number.apply(entry.getValue())));
    }

    private static double age(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toMillis() / MILLIS);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / MILLIS;
    }
}
