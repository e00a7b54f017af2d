package io.syncline.scheduler.alert;

import io.syncline.outbox.Outbox;
import io.syncline.outbox.OutboxMessage;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.Ids;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes what people are told into the outbox, in the transaction of the decision; nothing is sent here. */
class Messages {

    static final String KIND = "alert";

    private static final int MOST_ITEMS = 10;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final JdbcIncidents incidents;
    private final Outbox outbox;
    private final String publicUrl;
    private final String runLink;

    Messages(JdbcIncidents incidents, Outbox outbox, String publicUrl, @Nullable String runLink) {
        this.incidents = incidents;
        this.outbox = outbox;
        this.publicUrl = publicUrl;
        this.runLink = runLink == null ? publicUrl + "/api/v1/runs/{runId}" : runLink;
    }

    record Order(Incident incident, MessageKind kind, String channel) {}

    /** By channel, because each append waits for the one before it to the same channel: nobody waits in a circle. */
    void write(List<Order> orders, Instant now) {
        orders.stream().sorted(Comparator.comparing(Order::channel)).forEach(order -> write(order, now));
    }

    /** A message that was given up, and is the last one of its incident to its channel. */
    record Dead(String incidentId, String messageId, String channel, MessageKind kind, String outboxId) {}

    /**
     * Sends once more what was given up, behind what waits for its channel now; the outbox forgets a message before its
     * incident is forgotten, then it is one like it.
     *
     * @param locked the incidents by id
     * @return by what was given up, what is sent
     */
    Map<Dead, Dead> resend(Map<String, Incident> locked, List<Dead> dead, Instant now) {
        Map<Dead, Dead> sent = new LinkedHashMap<>();
        dead.stream()
                .sorted(Comparator.comparing(Dead::channel).thenComparing(Dead::messageId))
                .forEach(one -> sent.put(one, resend(Objects.requireNonNull(locked.get(one.incidentId())), one, now)));
        return sent;
    }

    private Dead resend(Incident incident, Dead one, Instant now) {
        return outbox.replay(one.outboxId())
                ? one
                : new Dead(
                        one.incidentId(),
                        write(new Order(incident, one.kind(), one.channel()), now),
                        one.channel(),
                        one.kind(),
                        one.outboxId());
    }

    /** Forgets what was given up. */
    void discard(String outboxId) {
        outbox.discard(outboxId);
    }

    private String write(Order order, Instant now) {
        var messageId = Ids.next();
        var notice = notice(messageId, order.kind(), order.incident(), now);
        var outboxId = outbox.append(new OutboxMessage(
                KIND, orderingKey(order.channel()), order.channel(), Map.of(), JSON.writeValueAsString(notice)));
        incidents.insertMessage(messageId, order.incident().id(), order.channel(), order.kind(), outboxId, now);
        incidents.event(order.incident().id(), order.kind().name(), null, order.channel(), now);
        return messageId;
    }

    /** One channel is told one thing at a time, and a dead one holds no other. */
    static String orderingKey(String channel) {
        return "alert:" + channel;
    }

    /**
     * What a message of the outbox says when it is sent: it may have waited for its channel for days, and its incident has
     * grown since. An incident that is gone is told of as it was when the message was written.
     */
    Notice read(String payload) {
        var written = JSON.readValue(payload, Notice.class);
        return incidents
                .find(written.incidentId(), Labels.ALL)
                .map(incident -> notice(written.messageId(), written.kind(), incident, written.at()))
                .orElse(written);
    }

    private Notice notice(String messageId, MessageKind kind, Incident incident, Instant now) {
        var members = incidents.members(incident.id(), MOST_ITEMS, Labels.ALL);
        var subject = members.isEmpty() ? null : members.get(0).subject();
        return new Notice(
                messageId,
                kind,
                incident.id(),
                incident.condition().name(),
                Titles.severity(incident.condition()),
                Titles.of(incident, subject),
                incident.system(),
                incident.cause(),
                incidents.groups(incident.id(), MOST_ITEMS),
                incident.labels(),
                incident.memberCount(),
                incident.openedAt(),
                now,
                members.stream()
                        .map(member ->
                                new Notice.Item(member.group(), member.detail(), member.since(), link(member.runId())))
                        .toList(),
                incident.memberCount() - members.size(),
                incident.acknowledgedBy(),
                incident.acknowledgedWhy(),
                publicUrl + "/api/v1/alerts/" + incident.id());
    }

    Notice test(String channel, String by, Instant now) {
        return new Notice(
                Ids.next(),
                MessageKind.TEST,
                "test-" + channel,
                "TEST",
                "info",
                "Test of the channel " + channel + ", sent by " + by,
                null,
                "test",
                List.of(),
                List.of(),
                0,
                now,
                now,
                List.of(),
                0,
                null,
                null,
                publicUrl + "/api/v1/channels/" + channel);
    }

    private @Nullable String link(@Nullable String runId) {
        return runId == null ? null : runLink.replace("{runId}", runId);
    }
}
