package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.syncline.contracts.Reconciliation;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.observe.JdbcStanding.Active;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    private final MultiGauge active;
    private final MultiGauge overdue;
    private final MultiGauge lastSuccess;
    private final MultiGauge freshness;
    private final MultiGauge mismatch;
    private final MultiGauge dueAge;
    private final MultiGauge dead;
    private final MultiGauge credentials;
    private final MultiGauge checkIns;

    private volatile double outboxPending;
    private volatile double outboxOldestAge;
    private volatile double refreshedAt;

    ClusterGauges(JdbcStanding standing, TaskGroups groups, Nodes nodes, SteadyClock clock, MeterRegistry meters) {
        this.standing = standing;
        this.groups = groups;
        this.nodes = nodes;
        this.clock = clock;
        this.active = gauge("syncline.runs.active", "Runs in state RUNNING, up to 10000", meters);
        this.overdue = gauge("syncline.runs.overdue", "Active runs with an overdue task run", meters);
        this.lastSuccess = gauge("syncline.last.success.timestamp.seconds", "End of the last COMPLETED run", meters);
        this.freshness = gauge("syncline.freshness.target.seconds", "The group's freshness", meters);
        this.mismatch = gauge(
                "syncline.reconciliation.mismatch.rows",
                "Rows off balance in the failed runs since the last success",
                meters);
        this.dueAge =
                gauge("syncline.dispatch.oldest.due.age.seconds", "For how long the first due call has waited", meters);
        this.dead = gauge("syncline.dead.letters", "Messages that were given up, up to 10000", meters);
        this.credentials = gauge(
                "syncline.credential.expiry.timestamp.seconds",
                "When the first client certificate of the system ends",
                meters);
        this.checkIns = gauge(
                "syncline.node.last.checkin.timestamp.seconds",
                "When the node last checked in, unless it left",
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

    private static MultiGauge gauge(String name, String description, MeterRegistry meters) {
        return MultiGauge.builder(name).description(description).register(meters);
    }

    /** Reads everything once. */
    void refresh() {
        var now = clock.now();
        var known = standing.groups();
        readRuns(known, now);
        readWork(now);
        checkIns.register(
                nodes.all().stream()
                        .filter(node -> node.stoppedAt() == null)
                        .map(ClusterGauges::checkIn)
                        .toList(),
                true);
        refreshedAt = seconds(now);
    }

    private void readRuns(List<JdbcStanding.Group> known, Instant now) {
        var running = standing.runningByGroup();
        var lastSuccesses = new HashMap<String, Instant>();
        var activeRows = new ArrayList<Row<?>>();
        var overdueRows = new ArrayList<Row<?>>();
        var successRows = new ArrayList<Row<?>>();
        var freshnessRows = new ArrayList<Row<?>>();
        for (var group : known) {
            var of = Tags.of("group", group.key());
            var runs = running.getOrDefault(group.key(), new Active(0, 0));
            activeRows.add(Row.of(of, runs.active()));
            overdueRows.add(Row.of(of, runs.overdue()));
            var success = group.lastSuccess();
            if (success != null) {
                lastSuccesses.put(group.key(), success);
                successRows.add(Row.of(of, seconds(success)));
            }
            var target = groups.version(group.key(), group.version()).freshness();
            if (target != null) {
                freshnessRows.add(Row.of(of, target.toMillis() / MILLIS));
            }
        }
        active.register(activeRows, true);
        overdue.register(overdueRows, true);
        lastSuccess.register(successRows, true);
        freshness.register(freshnessRows, true);
        var rows = mismatchRows(lastSuccesses);
        mismatch.register(
                known.stream()
                        .map(group -> Row.of(Tags.of("group", group.key()), rows.getOrDefault(group.key(), 0L)))
                        .toList(),
                true);
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
        dueAge.register(
                oldest.entrySet().stream()
                        .map(entry -> Row.of(Tags.of("system", entry.getKey()), age(entry.getValue(), now)))
                        .toList(),
                true);
        var pending = standing.pending();
        var since = pending.oldest();
        outboxPending = pending.count();
        outboxOldestAge = since == null ? 0 : age(since, now);
        var kinds = new HashMap<String, Integer>();
        KINDS.forEach(kind -> kinds.put(kind, 0));
        kinds.putAll(standing.deadByKind());
        dead.register(
                kinds.entrySet().stream()
                        .map(entry -> Row.of(Tags.of("kind", entry.getKey()), entry.getValue()))
                        .toList(),
                true);
        credentials.register(
                standing.credentialsExpire().entrySet().stream()
                        .map(entry -> Row.of(Tags.of("system", entry.getKey()), seconds(entry.getValue())))
                        .toList(),
                true);
    }

    private static Row<Number> checkIn(Node node) {
        return Row.of(Tags.of("node", node.nodeId()), seconds(node.checkedInAt()));
    }

    private static double age(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toMillis() / MILLIS);
    }

    private static double seconds(Instant at) {
        return at.toEpochMilli() / MILLIS;
    }
}
