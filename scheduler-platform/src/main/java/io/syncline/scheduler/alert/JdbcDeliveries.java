package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Messages of alerts with what the outbox says of them. A message is given up when the outbox says so and no later one of its
 * alert went over its channel: what a message says is what stands when it is sent, so the later one says it all.
 */
@Repository
class JdbcDeliveries {

    private static final String SELECT = """
            select a.message_id, a.incident_id, i.state as incident_state, i.condition_name, i.cause, a.channel_key, a.kind,
                a.deliveries, a.created_at, a.sent_at, a.last_cause, o.state, o.due_at, o.ended_at,
                case when exists (
                    select 1 from outbox_message e
                    where e.ordering_key = o.ordering_key and e.state = 'PENDING' and e.key_sequence < o.key_sequence)
                then 1 else 0 end as waits_for_another
            from alert_message a
            join incident i on i.incident_id = a.incident_id
            left join outbox_message o on o.id = a.outbox_id
            """;

    private static final String IS_PENDING = "o.state = 'PENDING'";

    private static final String IS_SENT = "a.sent_at is not null";

    private static final String IS_DEAD = """
            o.state = 'DEAD' and not exists (
                select 1 from alert_message n
                where n.incident_id = a.incident_id and n.channel_key = a.channel_key and n.message_id > a.message_id)""";

    private static final String IS_UNDELIVERED = "(" + IS_PENDING + " or " + IS_DEAD + ")";

    private static final String SENT_SINCE = """
            select a.channel_key, o.ended_at
            from outbox_message o
            join alert_message a on a.outbox_id = o.id
            join incident i on i.incident_id = a.incident_id
            where o.state = 'DELIVERED' and o.ended_at > :after
            """;

    private static final String OUTBOX_IDS = """
            select a.incident_id, a.channel_key, a.outbox_id
            from alert_message a
            join outbox_message o on o.id = a.outbox_id
            where a.incident_id in (:ids) and o.state = 'DEAD'
            """;

    private final JdbcClient jdbc;

    JdbcDeliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param incidentState of its alert, on which depends whether it may be sent again */
    record Row(DeliveryView view, Incident.State incidentState) {}

    record Sent(String channel, Instant at) {}

    /** One more than a page, newest first; of incidents within reach. */
    List<Row> page(DeliveryFilter filter, @Nullable String before, int count, Labels labels) {
        var conditions = new ArrayList<String>();
        var parameters = new HashMap<String, Object>();
        conditions.add(condition(filter.state()));
        var channel = filter.channel();
        if (channel != null) {
            conditions.add("a.channel_key = :channel");
            parameters.put("channel", channel);
        }
        var lastCause = filter.lastCause();
        if (lastCause != null && lastCause.isEmpty()) {
            conditions.add("a.last_cause is null");
        } else if (lastCause != null) {
            conditions.add("a.last_cause = :cause");
            parameters.put("cause", lastCause);
        }
        if (!filter.messageIds().isEmpty()) {
            conditions.add("a.message_id in (:messages)");
            parameters.put("messages", filter.messageIds());
        }
        if (before != null) {
            conditions.add("a.message_id < :before");
            parameters.put("before", before);
        }
        return rows(conditions, parameters, count, labels);
    }

    /** Those of these that were given up, of incidents within reach. */
    List<Row> dead(Collection<String> messageIds, Labels labels) {
        var conditions = new ArrayList<>(List.of(IS_DEAD, "a.message_id in (:messages)"));
        var parameters = new HashMap<String, Object>(Map.of("messages", List.copyOf(messageIds)));
        return rows(conditions, parameters, messageIds.size(), labels);
    }

    /** Those of these that there are, in whatever state, of incidents within reach. */
    List<String> known(Collection<String> messageIds, Labels labels) {
        var conditions = new ArrayList<>(List.of("a.message_id in (:messages)"));
        var parameters = new HashMap<String, Object>(Map.of("messages", List.copyOf(messageIds)));
        return rows(conditions, parameters, messageIds.size(), labels).stream()
                .map(row -> row.view().messageId())
                .toList();
    }

    /** What was sent last, of incidents within reach. */
    List<Sent> sentSince(Instant time, int count, Labels labels) {
        var conditions = new ArrayList<String>();
        var parameters = new HashMap<String, Object>(Map.of("after", JdbcTimes.toJdbc(time), "count", count));
        reach(labels, conditions, parameters);
        return jdbc.sql(SENT_SINCE
                        + (conditions.isEmpty() ? "" : "  and " + conditions.get(0) + "\n")
                        + "order by o.ended_at desc, o.id desc\nfetch first :count rows only")
                .params(parameters)
                .query((row, number) -> new Sent(row.getString("channel_key"), JdbcTimes.instant(row, "ended_at")))
                .list();
    }

    /** How many were given up, of incidents within reach; counted no further than {@code most}. */
    int dead(Labels labels, int most) {
        var conditions = new ArrayList<>(List.of(IS_DEAD));
        var parameters = new HashMap<String, Object>(Map.of("most", most));
        reach(labels, conditions, parameters);
        return jdbc.sql("""
                        select count(*) from (
                            select a.message_id from outbox_message o
                            join alert_message a on a.outbox_id = o.id
                            join incident i on i.incident_id = a.incident_id
                            where %s
                            fetch first :most rows only) bounded
                        """.formatted(String.join("\n  and ", conditions)))
                .params(parameters)
                .query(Integer.class)
                .single();
    }

    record Place(String incidentId, String channel) {}

    record Letter(Place place, String outboxId) {}

    /** All that the outbox has given up of these incidents. */
    List<Letter> letters(Collection<String> incidentIds) {
        return incidentIds.isEmpty()
                ? List.of()
                : jdbc.sql(OUTBOX_IDS)
                        .param("ids", List.copyOf(incidentIds))
                        .query((row, number) -> new Letter(
                                new Place(row.getString("incident_id"), row.getString("channel_key")),
                                row.getString("outbox_id")))
                        .list();
    }

    private static String condition(@Nullable String state) {
        if (state == null) {
            return IS_UNDELIVERED;
        }
        return switch (state) {
            case DeliveryFilter.PENDING -> IS_PENDING;
            case DeliveryFilter.SENT -> IS_SENT;
            default -> IS_DEAD;
        };
    }

    private List<Row> rows(List<String> conditions, Map<String, Object> parameters, int count, Labels labels) {
        reach(labels, conditions, parameters);
        parameters.put("count", count);
        return jdbc.sql(SELECT + "where " + String.join("\n  and ", conditions)
                        + "\norder by a.message_id desc\nfetch first :count rows only")
                .params(parameters)
                .query(JdbcDeliveries::row)
                .list();
    }

    private static void reach(Labels labels, List<String> conditions, Map<String, Object> parameters) {
        if (!labels.all()) {
            conditions.add("exists (select 1 from incident_member m where m.incident_id = i.incident_id and "
                    + WithinReach.groups("m.group_key") + ")");
            parameters.put(WithinReach.PARAMETER, WithinReach.parameter(labels));
        }
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        var sentAt = JdbcTimes.instantOrNull(row, "sent_at");
        var queued = row.getString("state");
        var state = sentAt != null
                ? DeliveryFilter.SENT
                : DeliveryFilter.PENDING.equals(queued) ? DeliveryFilter.PENDING : DeliveryFilter.DEAD;
        return new Row(
                new DeliveryView(
                        row.getString("message_id"),
                        row.getString("incident_id"),
                        row.getString("condition_name"),
                        row.getString("cause"),
                        row.getString("channel_key"),
                        row.getString("kind"),
                        state,
                        row.getInt("deliveries"),
                        JdbcTimes.instant(row, "created_at"),
                        sentAt,
                        state.equals(DeliveryFilter.PENDING) && row.getInt("waits_for_another") == 0
                                ? JdbcTimes.instantOrNull(row, "due_at")
                                : null,
                        state.equals(DeliveryFilter.DEAD) ? JdbcTimes.instantOrNull(row, "ended_at") : null,
                        row.getString("last_cause"),
                        List.of()),
                Incident.State.valueOf(row.getString("incident_state")));
    }
}
