package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.Page;
import io.syncline.scheduler.catalog.PageRequest;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What the platform sends out and could not: messages of all alerts over all channels, as far as they are within reach. */
@Service
public class Deliveries {

    /** Of one state, for the summary. */
    private static final int MOST_LOOKED_AT = 500;

    private static final Duration DAY = Duration.ofDays(1);

    private final JdbcDeliveries rows;
    private final JdbcIncidents incidents;
    private final Messages messages;
    private final DatabaseClock clock;

    Deliveries(JdbcDeliveries rows, JdbcIncidents incidents, Messages messages, DatabaseClock clock) {
        this.rows = rows;
        this.incidents = incidents;
        this.messages = messages;
        this.clock = clock;
    }

    /** Newest first. */
    @Transactional(readOnly = true)
    public Page<DeliveryView> list(DeliveryFilter filter, PageRequest page, Labels labels) {
        var list = "deliveries " + filter;
        var found = rows.page(filter, page.last(list), page.limit() + 1, labels);
        return Page.cut(
                found.stream().map(Deliveries::shown).toList(),
                page.limit(),
                delivery -> PageRequest.cursor(list, delivery.messageId()));
    }

    @Transactional(readOnly = true)
    public DeliverySummary summary(Labels labels) {
        var now = clock.now();
        var sent = rows.sentSince(now.minus(DAY), MOST_LOOKED_AT + 1, labels);
        var waiting = rows.page(DeliveryFilter.in(DeliveryFilter.PENDING), null, MOST_LOOKED_AT + 1, labels);
        var dead = rows.page(DeliveryFilter.in(DeliveryFilter.DEAD), null, MOST_LOOKED_AT + 1, labels);
        return new DeliverySummary(
                now,
                channels(cut(sent), views(waiting), views(dead)),
                causes(views(dead)),
                sent.size() <= MOST_LOOKED_AT && waiting.size() <= MOST_LOOKED_AT && dead.size() <= MOST_LOOKED_AT);
    }

    /** How many messages were given up, counted no further than {@code most}. */
    @Transactional(readOnly = true)
    public int dead(Labels labels, int most) {
        return rows.dead(labels, most);
    }

    /** Sends these once more, each behind what waits for its channel. */
    @Transactional(propagation = Propagation.MANDATORY)
    public DeliveryAction resend(List<String> messageIds, String by, String reason, boolean dryRun, Labels labels) {
        var chosen = choose(messageIds, labels, true);
        if (!dryRun && !chosen.dead().isEmpty()) {
            var now = clock.now();
            var ids = chosen.incidentIds();
            var wanted = chosen.dead().stream().map(DeliveryView::messageId).collect(Collectors.toSet());
            var letters = incidents.deadMessages(ids).stream()
                    .filter(letter -> wanted.contains(letter.messageId()))
                    .toList();
            messages.resend(chosen.locked(), letters, now);
            ids.forEach(id -> incidents.event(id, "RESENT", by, reason, now));
        }
        return chosen.answer(dryRun);
    }

    /**
     * Takes these off the list of what was given up, with the earlier ones of the same alert over the same channel. The
     * alert still shows them, and from there they can be sent once more.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public DeliveryAction discard(List<String> messageIds, String by, String reason, boolean dryRun, Labels labels) {
        var chosen = choose(messageIds, labels, false);
        if (!dryRun && !chosen.dead().isEmpty()) {
            var now = clock.now();
            var ids = chosen.incidentIds();
            var places = chosen.dead().stream()
                    .map(delivery -> new JdbcDeliveries.Place(delivery.alertId(), delivery.channel()))
                    .collect(Collectors.toSet());
            rows.letters(ids).stream()
                    .filter(letter -> places.contains(letter.place()))
                    .map(JdbcDeliveries.Letter::outboxId)
                    .sorted()
                    .forEach(messages::discard);
            ids.forEach(id -> incidents.event(id, "DISCARDED", by, reason, now));
        }
        return chosen.answer(dryRun);
    }

    /** With their incidents locked, as everybody locks them who writes messages of them. */
    private Chosen choose(List<String> messageIds, Labels labels, boolean toSend) {
        var asked = new LinkedHashSet<>(messageIds);
        var ids = rows.dead(asked, labels).stream()
                .map(row -> row.view().alertId())
                .collect(Collectors.toCollection(TreeSet::new));
        var locked = incidents.lock(ids);
        Map<String, JdbcDeliveries.Row> dead = rows.dead(asked, labels).stream()
                .filter(row -> locked.containsKey(row.view().alertId()))
                .collect(Collectors.toMap(row -> row.view().messageId(), Function.identity()));
        var known = new HashSet<>(rows.known(asked, labels));
        var chosen = new ArrayList<DeliveryView>();
        var left = new ArrayList<DeliveryAction.Left>();
        for (var id : asked) {
            var row = dead.get(id);
            if (row == null) {
                left.add(
                        known.contains(id)
                                ? new DeliveryAction.Left(
                                        id, "NOT_DEAD", "It is on its way again, or a later message went instead.")
                                : new DeliveryAction.Left(id, "NOT_FOUND", "There is no message " + id + "."));
            } else if (toSend && !isResendable(row)) {
                left.add(new DeliveryAction.Left(
                        id, "OVER", "Its alert is over: sent now, the receiver would open it again."));
            } else {
                chosen.add(row.view());
            }
        }
        return new Chosen(chosen, left, locked);
    }

    private record Chosen(List<DeliveryView> dead, List<DeliveryAction.Left> left, Map<String, Incident> locked) {

        TreeSet<String> incidentIds() {
            return dead.stream().map(DeliveryView::alertId).collect(Collectors.toCollection(TreeSet::new));
        }

        DeliveryAction answer(boolean dryRun) {
            return new DeliveryAction(
                    dryRun,
                    dead.stream()
                            .map(delivery -> new DeliveryAction.Done(
                                    delivery.messageId(), delivery.alertId(), delivery.channel(), delivery.kind()))
                            .toList(),
                    left);
        }
    }

    private static <T> List<T> cut(List<T> oneMore) {
        return oneMore.subList(0, Math.min(oneMore.size(), MOST_LOOKED_AT));
    }

    private static List<DeliveryView> views(List<JdbcDeliveries.Row> oneMore) {
        return cut(oneMore).stream().map(Deliveries::shown).toList();
    }

    private static DeliveryView shown(JdbcDeliveries.Row row) {
        if (!row.view().state().equals(DeliveryFilter.DEAD)) {
            return row.view();
        }
        return row.view().allowing(isResendable(row) ? List.of("resend", "discard") : List.of("discard"));
    }

    private static boolean isResendable(JdbcDeliveries.Row row) {
        return Alerts.isWorthSending(MessageKind.valueOf(row.view().kind()), row.incidentState());
    }

    private static List<DeliverySummary.ChannelLine> channels(
            List<JdbcDeliveries.Sent> sent, List<DeliveryView> waiting, List<DeliveryView> dead) {
        var lines = new TreeMap<String, ChannelCount>();
        sent.forEach(one -> of(one.channel(), lines).sent(one.at()));
        waiting.forEach(one -> of(one.channel(), lines).waits(one));
        dead.forEach(one -> of(one.channel(), lines).dead(one));
        return lines.values().stream().map(ChannelCount::line).toList();
    }

    private static ChannelCount of(String channel, Map<String, ChannelCount> lines) {
        return lines.computeIfAbsent(channel, ChannelCount::new);
    }

    private static List<DeliverySummary.DeadCause> causes(Collection<DeliveryView> dead) {
        record Cause(String channel, String cause) {}
        Map<Cause, List<DeliveryView>> byCause = dead.stream()
                .collect(Collectors.groupingBy(
                        delivery -> new Cause(delivery.channel(), Objects.requireNonNullElse(delivery.lastCause(), "")),
                        LinkedHashMap::new,
                        Collectors.toList()));
        return byCause.entrySet().stream()
                .map(entry -> {
                    var all = entry.getValue();
                    return new DeliverySummary.DeadCause(
                            entry.getKey().channel(),
                            entry.getKey().cause(),
                            all.size(),
                            (int) all.stream()
                                    .filter(one -> one.allowedActions().contains("resend"))
                                    .count(),
                            all.stream()
                                    .map(Deliveries::givenUp)
                                    .min(Comparator.naturalOrder())
                                    .orElseThrow(),
                            all.stream()
                                    .map(Deliveries::givenUp)
                                    .max(Comparator.naturalOrder())
                                    .orElseThrow(),
                            all.get(0));
                })
                .sorted(Comparator.comparing(DeliverySummary.DeadCause::lastAt).reversed())
                .toList();
    }

    private static Instant givenUp(DeliveryView delivery) {
        return Objects.requireNonNullElse(delivery.givenUpAt(), delivery.createdAt());
    }

    /** What is counted of one channel; of what waits and what was given up, the newest comes first. */
    private static final class ChannelCount {

        private final String channel;
        private int sent;
        private int waiting;
        private int dead;
        private @Nullable Instant lastSentAt;
        private @Nullable Instant oldestWaitingAt;
        private @Nullable Instant nextAt;
        private @Nullable String headCause;
        private @Nullable String deadCause;

        ChannelCount(String channel) {
            this.channel = channel;
        }

        void sent(Instant at) {
            sent++;
            lastSentAt = lastSentAt == null || at.isAfter(lastSentAt) ? at : lastSentAt;
        }

        void waits(DeliveryView one) {
            waiting++;
            oldestWaitingAt = one.createdAt();
            if (one.nextAt() != null) {
                nextAt = one.nextAt();
                headCause = one.lastCause();
            }
        }

        void dead(DeliveryView one) {
            dead++;
            deadCause = deadCause == null ? one.lastCause() : deadCause;
        }

        DeliverySummary.ChannelLine line() {
            return new DeliverySummary.ChannelLine(
                    channel,
                    sent,
                    waiting,
                    dead,
                    lastSentAt,
                    oldestWaitingAt,
                    nextAt,
                    headCause == null ? deadCause : headCause);
        }
    }
}
