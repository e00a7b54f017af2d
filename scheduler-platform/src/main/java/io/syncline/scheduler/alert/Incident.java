package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * An open problem: all signals with one cause that came together. It decides when whom is told what, and knows neither SQL
 * nor channels beyond their keys.
 */
final class Incident {

    enum State {
        OPEN,
        ACKNOWLEDGED,
        CLOSED
    }

    /** What is to be told now, and to whom. */
    record Message(MessageKind kind, Set<String> channels) {}

    /** What is to be told, and what has happened besides. */
    record Decision(List<Message> messages, List<String> events) {}

    private final String id;
    private final String gatheredBy;
    private final AlertCondition condition;
    private final @Nullable String system;
    private final String cause;
    private final List<String> labels;
    private final Instant openedAt;
    private State state;
    private List<IncidentRoute> routes;
    private int memberCount;
    private int standingCount;
    private int groupCount;
    private Instant lastSignalAt;
    private @Nullable Instant acknowledgedAt;
    private @Nullable String acknowledgedBy;
    private @Nullable String acknowledgedWhy;
    private @Nullable Instant closedAt;
    private @Nullable Instant dueAt;

    Incident(
            String id,
            String gatheredBy,
            AlertCondition condition,
            @Nullable String system,
            String cause,
            List<String> labels,
            List<IncidentRoute> routes,
            State state,
            int memberCount,
            int standingCount,
            int groupCount,
            Instant openedAt,
            Instant lastSignalAt,
            @Nullable Instant acknowledgedAt,
            @Nullable String acknowledgedBy,
            @Nullable String acknowledgedWhy,
            @Nullable Instant closedAt,
            @Nullable Instant dueAt) {
        this.id = id;
        this.gatheredBy = gatheredBy;
        this.condition = condition;
        this.system = system;
        this.cause = cause;
        this.labels = List.copyOf(labels);
        this.routes = List.copyOf(routes);
        this.state = state;
        this.memberCount = memberCount;
        this.standingCount = standingCount;
        this.groupCount = groupCount;
        this.openedAt = openedAt;
        this.lastSignalAt = lastSignalAt;
        this.acknowledgedAt = acknowledgedAt;
        this.acknowledgedBy = acknowledgedBy;
        this.acknowledgedWhy = acknowledgedWhy;
        this.closedAt = closedAt;
        this.dueAt = dueAt;
    }

    static Incident open(
            String id,
            String gatheredBy,
            AlertCondition condition,
            @Nullable String system,
            String cause,
            List<String> labels,
            List<IncidentRoute> routes,
            Instant now) {
        return new Incident(
                id,
                gatheredBy,
                condition,
                system,
                cause,
                labels,
                routes,
                State.OPEN,
                0,
                0,
                0,
                now,
                now,
                null,
                null,
                null,
                null,
                now);
    }

    /** Takes in what the members are now. */
    void counted(int members, int standing, int groups) {
        memberCount = members;
        standingCount = standing;
        groupCount = groups;
    }

    void joined(Instant now) {
        lastSignalAt = now;
    }

    /** Whether a signal of now with the same cause belongs to it. */
    boolean takes(Instant now, Duration window) {
        return state != State.CLOSED && lastSignalAt.plus(window).isAfter(now);
    }

    /**
     * What is to be told now; sets when there is something to decide again.
     *
     * @param silencedUntil nobody is told anything new before; null: not silenced
     * @param recent how many signals have joined within a time before now
     */
    Decision decide(
            Instant now, @Nullable Instant silencedUntil, AlertProperties times, ToIntFunction<Duration> recent) {
        if (state == State.CLOSED) {
            dueAt = null;
            return new Decision(List.of(), List.of());
        }
        if (standingCount == 0) {
            close(now);
            var told = toldChannels();
            return new Decision(
                    told.isEmpty() ? List.of() : List.of(new Message(MessageKind.RESOLVE, told)), List.of("CLOSED"));
        }
        var end = lastSignalAt.plus(times.closeAfter());
        if (!end.isAfter(now)) {
            close(now);
            return new Decision(List.of(), List.of("EXPIRED"));
        }
        var due = new Due(end);
        if (silencedUntil != null && silencedUntil.isAfter(now)) {
            due.at(silencedUntil);
            dueAt = due.next;
            return new Decision(List.of(), List.of());
        }
        var messages = new ArrayList<Message>();
        var decided = new ArrayList<IncidentRoute>();
        for (var route : routes) {
            decided.add(state == State.OPEN ? decide(route, now, times, recent, messages, due) : route);
        }
        routes = List.copyOf(decided);
        dueAt = due.next;
        return new Decision(merged(messages), List.of());
    }

    private IncidentRoute decide(
            IncidentRoute before,
            Instant now,
            AlertProperties times,
            ToIntFunction<Duration> recent,
            List<Message> messages,
            Due due) {
        var route = before;
        if (route.toldAt() == null) {
            var first = openedAt.plus(times.groupWait());
            if (first.isAfter(now)) {
                due.at(first);
            } else if (reached(route, recent)) {
                messages.add(new Message(MessageKind.TRIGGER, new TreeSet<>(route.channels())));
                route = route.told(now, memberCount);
            }
        } else if (memberCount > route.toldCount()) {
            var next = route.toldAt().plus(times.groupInterval());
            if (next.isAfter(now)) {
                due.at(next);
            } else {
                messages.add(new Message(MessageKind.UPDATE, new TreeSet<>(route.channels())));
                route = route.told(now, memberCount);
            }
        }
        var told = route.firstToldAt();
        var after = route.escalateAfter();
        if (told != null && after != null && route.escalatedAt() == null) {
            var at = told.plus(after);
            if (at.isAfter(now)) {
                due.at(at);
            } else {
                messages.add(new Message(MessageKind.ESCALATE, new TreeSet<>(route.escalateTo())));
                route = route.escalated(now);
            }
        }
        return route;
    }

    private static boolean reached(IncidentRoute route, ToIntFunction<Duration> recent) {
        var within = route.within();
        return within == null || recent.applyAsInt(within) >= route.threshold();
    }

    /** A channel that several rules name is told once of each kind. */
    private static List<Message> merged(List<Message> messages) {
        var merged = new ArrayList<Message>();
        for (var kind : MessageKind.values()) {
            var channels = new TreeSet<String>();
            messages.stream().filter(message -> message.kind() == kind).forEach(m -> channels.addAll(m.channels()));
            if (!channels.isEmpty()) {
                merged.add(new Message(kind, channels));
            }
        }
        return merged;
    }

    /** Takes it up: nobody is told anything but its end. False when it is not open. */
    boolean acknowledge(String by, String why, Instant now) {
        if (state != State.OPEN) {
            return false;
        }
        state = State.ACKNOWLEDGED;
        acknowledgedAt = now;
        acknowledgedBy = by;
        acknowledgedWhy = why;
        return true;
    }

    private void close(Instant now) {
        state = State.CLOSED;
        standingCount = 0;
        closedAt = now;
        dueAt = null;
    }

    /** All channels that know of it. */
    Set<String> toldChannels() {
        var told = new LinkedHashSet<String>();
        for (var route : routes) {
            addIf(route.toldAt() != null, route.channels(), told);
            addIf(route.escalatedAt() != null, route.escalateTo(), told);
        }
        return told;
    }

    private static void addIf(boolean known, Collection<String> channels, Set<String> told) {
        if (known) {
            told.addAll(channels);
        }
    }

    /** The earliest of several times. */
    private static final class Due {
        private Instant next;

        Due(Instant latest) {
            next = latest;
        }

        void at(Instant time) {
            if (time.isBefore(next)) {
                next = time;
            }
        }
    }

    String id() {
        return id;
    }

    String gatheredBy() {
        return gatheredBy;
    }

    AlertCondition condition() {
        return condition;
    }

    @Nullable
    String system() {
        return system;
    }

    String cause() {
        return cause;
    }

    List<String> labels() {
        return labels;
    }

    List<IncidentRoute> routes() {
        return routes;
    }

    State state() {
        return state;
    }

    int memberCount() {
        return memberCount;
    }

    int standingCount() {
        return standingCount;
    }

    int groupCount() {
        return groupCount;
    }

    Instant openedAt() {
        return openedAt;
    }

    Instant lastSignalAt() {
        return lastSignalAt;
    }

    @Nullable
    Instant acknowledgedAt() {
        return acknowledgedAt;
    }

    @Nullable
    String acknowledgedBy() {
        return acknowledgedBy;
    }

    @Nullable
    String acknowledgedWhy() {
        return acknowledgedWhy;
    }

    @Nullable
    Instant closedAt() {
        return closedAt;
    }

    @Nullable
    Instant dueAt() {
        return dueAt;
    }
}
