package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.store.DatabaseClock;
import io.syncline.scheduler.store.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Makes incidents of signals, one node at a time, and decides when people are told. A signal, its incident and the messages
 * are one transaction.
 */
class Incidents {

    private static final Logger LOG = LoggerFactory.getLogger(Incidents.class);
    private static final int MOST_SIGNALS = 500;
    private static final int MOST_DUE = 100;
    private static final int LONGEST_DETAIL = 2000;

    private final JdbcSignals signals;
    private final JdbcIncidents incidents;
    private final JdbcSilences silences;
    private final Messages messages;
    private final PlatformConditions platform;
    private final TaskGroups groups;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final AlertProperties properties;

    Incidents(
            JdbcSignals signals,
            JdbcIncidents incidents,
            JdbcSilences silences,
            Messages messages,
            PlatformConditions platform,
            TaskGroups groups,
            DatabaseClock clock,
            TransactionOperations transactions,
            AlertProperties properties) {
        this.signals = signals;
        this.incidents = incidents;
        this.silences = silences;
        this.messages = messages;
        this.platform = platform;
        this.groups = groups;
        this.clock = clock;
        this.transactions = transactions;
        this.properties = properties;
    }

    /** One bounded piece of work; whether there may be more at once. */
    boolean take() {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            var now = clock.now();
            boolean mustLook = platform.mustLook(incidents.lookedAt(), now);
            if ((!mustLook && !incidents.anythingWaits(now)) || !incidents.claim()) {
                return false;
            }
            if (mustLook && platform.mustLook(incidents.lookedAt(), now)) {
                platform.look(now);
                incidents.looked(now);
            }
            var batch = new Batch(now);
            var waiting = signals.waiting(MOST_SIGNALS);
            batch.take(waiting);
            var due = incidents.due(now, MOST_DUE);
            batch.decide(due);
            signals.taken(waiting);
            return waiting.size() == MOST_SIGNALS || due.size() == MOST_DUE;
        }));
    }

    /** One transaction's work. */
    private final class Batch {

        private final Instant now;
        private final Map<String, Incident> opened = new LinkedHashMap<>();
        private final TreeSet<String> touched = new TreeSet<>();
        private final TreeSet<String> grown = new TreeSet<>();
        private final Map<String, Incident> byCause = new HashMap<>();
        private final Map<String, Optional<TaskGroup>> groupsByKey = new HashMap<>();
        private final Map<Signal.About, Member> standing = new HashMap<>();
        private final Map<String, Member> joined = new LinkedHashMap<>();
        private final LinkedHashSet<String> cured = new LinkedHashSet<>();

        Batch(Instant now) {
            this.now = now;
        }

        void take(List<Signal> waiting) {
            if (waiting.isEmpty()) {
                return;
            }
            standing.putAll(incidents.standing(
                    new TreeSet<>(waiting.stream().map(Signal::subject).toList())));
            var gathered = new HashMap<String, Gathering>();
            for (var signal : waiting) {
                if (signal.kind() == Signal.Kind.RAISE) {
                    gathered.put(signal.id(), gathering(signal));
                }
            }
            incidents
                    .openWithCause(new TreeSet<>(
                            gathered.values().stream().map(Gathering::by).toList()))
                    // the newest of them
                    .forEach(incident -> byCause.put(incident.gatheredBy(), incident));
            for (var signal : waiting) {
                if (signal.kind() == Signal.Kind.CURE) {
                    cure(signal);
                } else {
                    raise(signal, Objects.requireNonNull(gathered.get(signal.id())));
                }
            }
        }

        private void raise(Signal signal, Gathering gathering) {
            if (standing.containsKey(signal.about())) {
                return;
            }
            var incident = byCause.get(gathering.by());
            if (incident == null || !incident.takes(now, properties.groupWindow())) {
                incident = Incident.open(
                        Ids.next(),
                        gathering.by(),
                        signal.condition(),
                        signal.system(),
                        cause(signal),
                        gathering.labels(),
                        gathering.routes(),
                        now);
                byCause.put(gathering.by(), incident);
                opened.put(incident.id(), incident);
            }
            grown.add(incident.id());
            touched.add(incident.id());
            var detail = signal.detail() == null ? cause(signal) : signal.detail();
            var member = new Member(
                    Ids.next(),
                    incident.id(),
                    signal.condition(),
                    signal.subject(),
                    signal.group(),
                    signal.system(),
                    signal.runId(),
                    signal.taskRunId(),
                    detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) : detail,
                    signal.since() == null ? now : signal.since(),
                    now,
                    null);
            joined.put(member.id(), member);
            standing.put(member.about(), member);
        }

        private void cure(Signal signal) {
            var member = standing.remove(signal.about());
            if (member == null) {
                return;
            }
            if (joined.containsKey(member.id())) {
                joined.put(member.id(), member.cured(now));
            } else {
                cured.add(member.id());
            }
            touched.add(member.incidentId());
        }

        void decide(List<String> due) {
            var ids = new TreeSet<>(due);
            ids.addAll(touched);
            ids.removeAll(opened.keySet());
            // All locks before the first message: an operator who acknowledges holds one and then writes.
            var decided = new LinkedHashMap<>(incidents.lock(ids));
            opened.forEach((id, incident) -> {
                incidents.insert(incident);
                incidents.event(id, "OPENED", null, incident.cause(), now);
                decided.put(id, incident);
            });
            grown.forEach(id -> Optional.ofNullable(decided.get(id)).ifPresent(incident -> incident.joined(now)));
            incidents.insertMembers(List.copyOf(joined.values()));
            incidents.cure(cured, now);
            if (decided.isEmpty()) {
                return;
            }
            incidents.count(decided.values());
            var quiet = silences.standing(now);
            var orders = new ArrayList<Messages.Order>();
            for (var incident : decided.values()) {
                decide(incident, quiet, orders);
            }
            messages.write(orders, now);
        }

        private void decide(Incident incident, List<Silence> quiet, List<Messages.Order> orders) {
            var groupKeys = quiet.isEmpty() ? List.<String>of() : incidents.groups(incident.id(), 500);
            var until = silencedUntil(incident, groupKeys, quiet, now);
            var decision = incident.decide(
                    now, until, properties, within -> incidents.joinedAfter(incident.id(), now.minus(within)));
            if (incident.state() == Incident.State.CLOSED) {
                incidents.closeMembers(incident.id(), now);
            }
            incidents.update(incident);
            decision.events().forEach(event -> {
                incidents.event(incident.id(), event, null, null, now);
                LOG.info("Incident {} {}: {} {}", incident.id(), event, incident.condition(), incident.cause());
            });
            for (var message : decision.messages()) {
                message.channels()
                        .forEach(channel -> orders.add(new Messages.Order(incident, message.kind(), channel)));
            }
        }

        private Gathering gathering(Signal signal) {
            var key = signal.group();
            var group = key == null ? Optional.<TaskGroup>empty() : groupsByKey.computeIfAbsent(key, groups::current);
            var labels = group.map(TaskGroup::labels).orElse(List.of()).stream()
                    .sorted()
                    .toList();
            var routes = routes(signal, group);
            var text = String.join(
                    "\n",
                    key == null ? "platform" : "group",
                    signal.condition().name(),
                    String.valueOf(signal.system()),
                    cause(signal),
                    labels.toString(),
                    routes.toString());
            return new Gathering(digest(text), labels, routes);
        }

        private List<IncidentRoute> routes(Signal signal, Optional<TaskGroup> group) {
            if (signal.group() == null) {
                return fallback(properties.platformChannels());
            }
            var routes = group.map(TaskGroup::alerts).orElse(List.of()).stream()
                    .filter(rule -> rule.takes(signal.condition()))
                    .map(IncidentRoute::of)
                    .toList();
            return !routes.isEmpty() || !signal.condition().isFailure()
                    ? routes
                    : fallback(properties.defaultChannels());
        }

        private static List<IncidentRoute> fallback(List<String> channels) {
            return channels.isEmpty() ? List.of() : List.of(IncidentRoute.to(channels));
        }
    }

    /** @param by the same for what becomes one incident: told to the same people, of one kind and one cause */
    private record Gathering(String by, List<String> labels, List<IncidentRoute> routes) {}

    private static String cause(Signal signal) {
        return signal.cause() == null ? signal.condition().name() : signal.cause();
    }

    /** The end of the longest silence that quiets the incident. */
    static @Nullable Instant silencedUntil(
            Incident incident, List<String> groupKeys, List<Silence> standing, Instant now) {
        return standing.stream()
                .filter(silence -> silence.quiets(incident, groupKeys, now))
                .map(Silence::until)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What the room finds out itself. */
    static final List<AlertCondition> OWN = List.of(
            AlertCondition.NODE_LOST,
            AlertCondition.QUEUE_BACKLOG,
            AlertCondition.DEAD_LETTER,
            AlertCondition.CREDENTIAL_EXPIRING);
}
