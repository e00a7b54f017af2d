package io.syncline.scheduler.alert;

import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Incidents, their members, what happened to them, and the messages that tell of them. */
@Repository
class JdbcIncidents {

    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<IncidentRoute>> ROUTES = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int MOST_IN_A_LIST = 500;

    private static final String CLAIM =
            "select watch_name from alert_watch where watch_name = 'incidents' for update skip locked";

    private static final String LOOKED_AT = "select looked_at from alert_watch where watch_name = 'incidents'";

    private static final String LOOKED = "update alert_watch set looked_at = :now where watch_name = 'incidents'";

    private static final String ANYTHING = """
            select case when exists (select 1 from alert_signal)
                or exists (select 1 from incident where due_at <= :now) then 1 else 0 end as waits
            from alert_watch where watch_name = 'incidents'
            """;

    private static final String SELECT = """
            select i.incident_id, i.state, i.gathered_by, i.condition_name, i.system_key, i.cause, i.label_list, i.routes,
                i.member_count, i.standing_count, i.group_count, i.opened_at, i.last_signal_at, i.acknowledged_at,
                i.acknowledged_by, i.acknowledged_why, i.closed_at, i.due_at
            from incident i
            """;

    private static final String OPEN_WITH_CAUSE =
            SELECT + "where i.gathered_by in (:gathered) and i.closed_at is null order by i.incident_id";

    private static final String LOCK = SELECT + "where i.incident_id in (:ids) order by i.incident_id for update";

    private static final String NOT_CLOSED = SELECT + "where i.closed_at is null order by i.incident_id";

    private static final String DUE =
            "select incident_id from incident where due_at <= :now order by due_at, incident_id fetch first :count rows only";

    private static final String INSERT = """
            insert into incident (incident_id, state, gathered_by, condition_name, system_key, cause, label_list, routes,
                member_count, standing_count, group_count, opened_at, last_signal_at, due_at)
            values (:id, :state, :gathered, :condition, :system, :cause, :labels, :routes,
                :members, :standing, :groups, :openedAt, :lastSignalAt, :dueAt)
            """;

    private static final String UPDATE = """
            update incident
            set state = :state, routes = :routes, member_count = :members, standing_count = :standing,
                group_count = :groups, last_signal_at = :lastSignalAt, acknowledged_at = :acknowledgedAt,
                acknowledged_by = :acknowledgedBy, acknowledged_why = :acknowledgedWhy, closed_at = :closedAt,
                due_at = :dueAt
            where incident_id = :id
            """;

    private static final String LOCK_NOT_CLOSED =
            "select incident_id from incident where closed_at is null order by incident_id for update";

    private static final String DECIDE_AGAIN = "update incident set due_at = :now where closed_at is null";

    private static final String STANDING = """
            select member_id, incident_id, condition_name, subject, group_key, system_key, run_id, task_run_id, detail,
                since_at, joined_at, cured_at
            from incident_member
            where subject in (:subjects) and cured_at is null
            """;

    private static final String STANDING_OF = """
            select member_id, incident_id, condition_name, subject, group_key, system_key, run_id, task_run_id, detail,
                since_at, joined_at, cured_at
            from incident_member
            where condition_name in (:conditions) and cured_at is null
            """;

    private static final String CURE = "update incident_member set cured_at = :now where member_id in (:ids)";

    private static final String CLOSE_MEMBERS =
            "update incident_member set cured_at = :now where incident_id = :id and cured_at is null";

    private static final String COUNTS = """
            select incident_id, count(*) as members, count(distinct group_key) as groups_count,
                sum(case when cured_at is null then 1 else 0 end) as standing
            from incident_member where incident_id in (:ids)
            group by incident_id
            """;

    private static final String RECENT =
            "select count(*) from incident_member where incident_id = :id and joined_at > :after";

    private static final String MEMBERS = """
            select m.member_id, m.incident_id, m.condition_name, m.subject, m.group_key, m.system_key, m.run_id,
                m.task_run_id, m.detail, m.since_at, m.joined_at, m.cured_at
            from incident_member m
            where m.incident_id = :id
            """;

    private static final String OLDEST_MEMBERS = "\norder by m.member_id\nfetch first :count rows only";

    private static final String GROUPS = """
            select distinct group_key from incident_member
            where incident_id = :id and group_key is not null
            order by group_key
            fetch first :count rows only
            """;

    private static final String INSERT_EVENT = """
            insert into incident_event (event_id, incident_id, kind, happened_at, actor, detail)
            values (:event, :id, :kind, :now, :actor, :detail)
            """;

    private static final String EVENTS = """
            select kind, happened_at, actor, detail from incident_event
            where incident_id = :id order by event_id fetch first 200 rows only
            """;

    private static final String INSERT_MESSAGE = """
            insert into alert_message (message_id, incident_id, channel_key, kind, outbox_id, deliveries, created_at)
            values (:message, :id, :channel, :kind, :outbox, 0, :now)
            """;

    private static final String DELIVERED = """
            update alert_message set deliveries = :deliveries, sent_at = :now, last_cause = null
            where message_id = :message
            """;

    private static final String NOT_DELIVERED = """
            update alert_message set deliveries = :deliveries, last_cause = :cause
            where message_id = :message
            """;

    private static final String MESSAGES = """
            select a.message_id, a.channel_key, a.kind, a.deliveries, a.created_at, a.sent_at, a.last_cause, o.state
            from alert_message a
            left join outbox_message o on o.id = a.outbox_id
            where a.incident_id = :id
            order by a.message_id
            fetch first 200 rows only
            """;

    private static final String MESSAGES_OVER = """
            select a.message_id, a.incident_id, i.condition_name, i.cause, a.kind, a.deliveries, a.created_at, a.sent_at,
                a.last_cause, o.state
            from alert_message a
            join incident i on i.incident_id = a.incident_id
            left join outbox_message o on o.id = a.outbox_id
            """;

    private static final String JOINED_SINCE = """
            select group_key, incident_id, condition_name, joined_at from incident_member
            where group_key in (:groups) and joined_at >= :since
            order by joined_at desc
            fetch first :count rows only
            """;

    private static final String DEAD_MESSAGES = """
            select a.incident_id, a.message_id, a.channel_key, a.kind, a.outbox_id
            from alert_message a
            left join outbox_message o on o.id = a.outbox_id
            where a.incident_id in (:ids) and a.sent_at is null and (o.id is null or o.state = 'DEAD')
              and not exists (
                select 1 from alert_message n
                where n.incident_id = a.incident_id and n.channel_key = a.channel_key and n.message_id > a.message_id)
            order by a.channel_key
            """;

    private static final String OLD =
            "select incident_id from incident where closed_at < :before order by closed_at fetch first 200 rows only";

    private static final RowBatch<Member> MEMBER_ROWS = RowBatch.<Member>of("incident_member")
            .key("member_id", TEXT, Member::id)
            .column("incident_id", TEXT, Member::incidentId)
            .column("condition_name", TEXT, Member::condition)
            .column("subject", TEXT, Member::subject)
            .column("group_key", TEXT, Member::group)
            .column("system_key", TEXT, Member::system)
            .column("run_id", TEXT, Member::runId)
            .column("task_run_id", TEXT, Member::taskRunId)
            .column("detail", TEXT, Member::detail)
            .column("since_at", TIMESTAMPTZ, Member::since)
            .column("joined_at", TIMESTAMPTZ, Member::joinedAt)
            .column("cured_at", TIMESTAMPTZ, Member::curedAt);

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;

    JdbcIncidents(NamedParameterJdbcOperations jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    /** Whether a look is worth its locks. */
    boolean anythingWaits(Instant now) {
        return jdbc.queryForList(ANYTHING, Map.of("now", JdbcTimes.toJdbc(now)), Integer.class)
                .contains(1);
    }

    /** Until the end of the transaction this node alone makes incidents; false while another does. */
    boolean claim() {
        return !jdbc.queryForList(CLAIM, Map.of(), String.class).isEmpty();
    }

    Optional<Instant> lookedAt() {
        return jdbc
                .query(
                        LOOKED_AT,
                        Map.of(),
                        (row, number) -> Optional.ofNullable(JdbcTimes.instantOrNull(row, "looked_at")))
                .stream()
                .findFirst()
                .flatMap(at -> at);
    }

    void looked(Instant now) {
        jdbc.update(LOOKED, Map.of("now", JdbcTimes.toJdbc(now)));
    }

    List<String> due(Instant now, int count) {
        return jdbc.queryForList(DUE, Map.of("now", JdbcTimes.toJdbc(now), "count", count), String.class);
    }

    List<Incident> openWithCause(Collection<String> gatheredBy) {
        return gatheredBy.isEmpty()
                ? List.of()
                : jdbc.query(OPEN_WITH_CAUSE, Map.of("gathered", gatheredBy), JdbcIncidents::incident);
    }

    /** In the order of their ids, so that nobody waits in a circle. */
    Map<String, Incident> lock(Collection<String> ids) {
        Map<String, Incident> locked = new LinkedHashMap<>();
        if (!ids.isEmpty()) {
            jdbc.query(LOCK, Map.of("ids", ids), JdbcIncidents::incident)
                    .forEach(incident -> locked.put(incident.id(), incident));
        }
        return locked;
    }

    List<Incident> notClosed() {
        return jdbc.query(NOT_CLOSED, Map.of(), JdbcIncidents::incident);
    }

    void insert(Incident incident) {
        jdbc.update(
                INSERT,
                changing(incident)
                        .addValue("gathered", incident.gatheredBy())
                        .addValue("condition", incident.condition().name())
                        .addValue("system", incident.system())
                        .addValue("cause", incident.cause())
                        .addValue("labels", JSON.writeValueAsString(incident.labels()))
                        .addValue("openedAt", JdbcTimes.toJdbc(incident.openedAt())));
    }

    void update(Incident incident) {
        jdbc.update(
                UPDATE,
                changing(incident)
                        .addValue("acknowledgedAt", JdbcTimes.toJdbcOrNull(incident.acknowledgedAt()))
                        .addValue("acknowledgedBy", incident.acknowledgedBy())
                        .addValue("acknowledgedWhy", incident.acknowledgedWhy())
                        .addValue("closedAt", JdbcTimes.toJdbcOrNull(incident.closedAt())));
    }

    private static MapSqlParameterSource changing(Incident incident) {
        return new MapSqlParameterSource("id", incident.id())
                .addValue("state", incident.state().name())
                .addValue("routes", JSON.writeValueAsString(incident.routes()))
                .addValue("members", incident.memberCount())
                .addValue("standing", incident.standingCount())
                .addValue("groups", incident.groupCount())
                .addValue("lastSignalAt", JdbcTimes.toJdbc(incident.lastSignalAt()))
                .addValue("dueAt", JdbcTimes.toJdbcOrNull(incident.dueAt()));
    }

    void decideAgain(Instant now) {
        // in the order in which everybody locks them
        jdbc.queryForList(LOCK_NOT_CLOSED, Map.of(), String.class);
        jdbc.update(DECIDE_AGAIN, Map.of("now", JdbcTimes.toJdbc(now)));
    }

    Map<Signal.About, Member> standing(Collection<String> subjects) {
        Map<Signal.About, Member> standing = new HashMap<>();
        var all = List.copyOf(subjects);
        for (int from = 0; from < all.size(); from += MOST_IN_A_LIST) {
            var part = all.subList(from, Math.min(all.size(), from + MOST_IN_A_LIST));
            jdbc.query(STANDING, Map.of("subjects", part), JdbcIncidents::member)
                    .forEach(member -> standing.put(member.about(), member));
        }
        return standing;
    }

    List<Member> standingOf(Collection<AlertCondition> conditions) {
        return jdbc.query(
                STANDING_OF,
                Map.of("conditions", conditions.stream().map(Enum::name).toList()),
                JdbcIncidents::member);
    }

    void insertMembers(List<Member> members) {
        MEMBER_ROWS.insert(jdbc, dialect, members);
    }

    void cure(Collection<String> memberIds, Instant now) {
        if (!memberIds.isEmpty()) {
            jdbc.update(CURE, Map.of("ids", memberIds, "now", JdbcTimes.toJdbc(now)));
        }
    }

    void closeMembers(String incidentId, Instant now) {
        jdbc.update(CLOSE_MEMBERS, Map.of("id", incidentId, "now", JdbcTimes.toJdbc(now)));
    }

    void count(Collection<Incident> incidents) {
        if (incidents.isEmpty()) {
            return;
        }
        Map<String, Incident> byId = new HashMap<>();
        incidents.forEach(incident -> byId.put(incident.id(), incident));
        jdbc.query(COUNTS, Map.of("ids", List.copyOf(byId.keySet())), row -> {
            var incident = byId.get(row.getString("incident_id"));
            if (incident != null) {
                incident.counted(row.getInt("members"), row.getInt("standing"), row.getInt("groups_count"));
            }
        });
    }

    int joinedAfter(String incidentId, Instant after) {
        var count =
                jdbc.queryForObject(RECENT, Map.of("id", incidentId, "after", JdbcTimes.toJdbc(after)), Integer.class);
        return count == null ? 0 : count;
    }

    /** The oldest members, as far as they may be seen. */
    List<Member> members(String incidentId, int count, Labels labels) {
        var parameters = new MapSqlParameterSource("id", incidentId).addValue("count", count);
        var sql = MEMBERS;
        if (!labels.all()) {
            sql += "and " + WithinReach.groups("m.group_key");
            parameters.addValue(WithinReach.PARAMETER, WithinReach.parameter(labels));
        }
        return jdbc.query(sql + OLDEST_MEMBERS, parameters, JdbcIncidents::member);
    }

    List<String> groups(String incidentId, int count) {
        return jdbc.queryForList(GROUPS, Map.of("id", incidentId, "count", count), String.class);
    }

    void event(String incidentId, String kind, @Nullable String actor, @Nullable String detail, Instant now) {
        jdbc.update(
                INSERT_EVENT,
                new MapSqlParameterSource("event", Ids.next())
                        .addValue("id", incidentId)
                        .addValue("kind", kind)
                        .addValue("now", JdbcTimes.toJdbc(now))
                        .addValue("actor", actor)
                        .addValue("detail", detail));
    }

    List<IncidentView.Event> events(String incidentId) {
        return jdbc.query(
                EVENTS,
                Map.of("id", incidentId),
                (row, number) -> new IncidentView.Event(
                        JdbcTimes.instant(row, "happened_at"),
                        row.getString("kind"),
                        row.getString("actor"),
                        row.getString("detail")));
    }

    void insertMessage(
            String messageId, String incidentId, String channel, MessageKind kind, String outboxId, Instant now) {
        jdbc.update(
                INSERT_MESSAGE,
                Map.of(
                        "message",
                        messageId,
                        "id",
                        incidentId,
                        "channel",
                        channel,
                        "kind",
                        kind.name(),
                        "outbox",
                        outboxId,
                        "now",
                        JdbcTimes.toJdbc(now)));
    }

    void delivered(String messageId, int deliveries, Instant now) {
        jdbc.update(DELIVERED, Map.of("message", messageId, "deliveries", deliveries, "now", JdbcTimes.toJdbc(now)));
    }

    void notDelivered(String messageId, int deliveries, String cause) {
        jdbc.update(
                NOT_DELIVERED,
                Map.of(
                        "message",
                        messageId,
                        "deliveries",
                        deliveries,
                        "cause",
                        cause.length() > 1900 ? cause.substring(0, 1900) : cause));
    }

    List<IncidentView.Delivery> messages(String incidentId) {
        return jdbc.query(MESSAGES, Map.of("id", incidentId), (row, number) -> {
            var sentAt = JdbcTimes.instantOrNull(row, "sent_at");
            return new IncidentView.Delivery(
                    row.getString("message_id"),
                    row.getString("channel_key"),
                    row.getString("kind"),
                    deliveryState(sentAt, row.getString("state")),
                    row.getInt("deliveries"),
                    JdbcTimes.instant(row, "created_at"),
                    sentAt,
                    row.getString("last_cause"));
        });
    }

    /** @param queued as the outbox names it; null: it has forgotten the message */
    private static String deliveryState(@Nullable Instant sentAt, @Nullable String queued) {
        if (sentAt != null) {
            return "SENT";
        }
        return queued == null || queued.equals("DEAD") ? "DEAD" : "PENDING";
    }

    /** One more than a page of the messages over a channel, newest first; of incidents within reach. */
    List<ChannelDelivery> messagesOver(String channel, @Nullable String before, int count, Labels labels) {
        var conditions = new ArrayList<>(List.of("a.channel_key = :channel"));
        var parameters = new MapSqlParameterSource("count", count).addValue("channel", channel);
        reach(labels, conditions, parameters);
        if (before != null) {
            conditions.add("a.message_id < :before");
            parameters.addValue("before", before);
        }
        return jdbc.query(
                MESSAGES_OVER + "where " + String.join("\n  and ", conditions)
                        + "\norder by a.message_id desc\nfetch first :count rows only",
                parameters,
                (row, number) -> {
                    var sentAt = JdbcTimes.instantOrNull(row, "sent_at");
                    return new ChannelDelivery(
                            row.getString("message_id"),
                            row.getString("incident_id"),
                            row.getString("condition_name"),
                            row.getString("cause"),
                            row.getString("kind"),
                            deliveryState(sentAt, row.getString("state")),
                            row.getInt("deliveries"),
                            JdbcTimes.instant(row, "created_at"),
                            sentAt,
                            row.getString("last_cause"));
                });
    }

    /** What of these groups has joined incidents, the latest first. */
    List<RuleReplay.Joined> joinedSince(Instant since, Collection<String> groups, int count) {
        return groups.isEmpty()
                ? List.of()
                : jdbc.query(
                        JOINED_SINCE,
                        Map.of("groups", groups, "since", JdbcTimes.toJdbc(since), "count", count),
                        (row, number) -> new RuleReplay.Joined(
                                row.getString("group_key"),
                                row.getString("incident_id"),
                                AlertCondition.valueOf(row.getString("condition_name")),
                                JdbcTimes.instant(row, "joined_at")));
    }

    /** Of each incident the channels whose last message was given up, by channel. */
    List<Messages.Dead> deadMessages(Collection<String> incidentIds) {
        return incidentIds.isEmpty()
                ? List.of()
                : jdbc.query(
                        DEAD_MESSAGES,
                        Map.of("ids", incidentIds),
                        (row, number) -> new Messages.Dead(
                                row.getString("incident_id"),
                                row.getString("message_id"),
                                row.getString("channel_key"),
                                MessageKind.valueOf(row.getString("kind")),
                                row.getString("outbox_id")));
    }

    /** One more than a page of the incidents, newest first. */
    List<Incident> page(IncidentFilter filter, @Nullable String after, int count, Labels labels) {
        var conditions = new ArrayList<String>();
        var parameters = new MapSqlParameterSource("count", count);
        if (!filter.states().isEmpty()) {
            conditions.add("i.state in (:states)");
            parameters.addValue("states", filter.states());
        }
        if (!filter.conditions().isEmpty()) {
            conditions.add("i.condition_name in (:conditions)");
            parameters.addValue("conditions", filter.conditions());
        }
        if (!filter.groups().isEmpty()) {
            conditions.add("exists (select 1 from incident_member g where g.incident_id = i.incident_id"
                    + " and g.group_key in (:groups))");
            parameters.addValue("groups", filter.groups());
        }
        reach(labels, conditions, parameters);
        if (after != null) {
            conditions.add("i.incident_id < :after");
            parameters.addValue("after", after);
        }
        return jdbc.query(
                SELECT
                        + (conditions.isEmpty() ? "" : "where " + String.join("\n  and ", conditions) + "\n")
                        + "order by i.incident_id desc\nfetch first :count rows only",
                parameters,
                JdbcIncidents::incident);
    }

    /** How many are open, counted no further than {@code most}. */
    int open(Collection<AlertCondition> of, Labels labels, int most) {
        var conditions = new ArrayList<String>();
        var parameters = new MapSqlParameterSource("most", most);
        conditions.add("i.state = 'OPEN'");
        conditions.add("i.condition_name in (:conditions)");
        parameters.addValue("conditions", of.stream().map(Enum::name).toList());
        reach(labels, conditions, parameters);
        var count = jdbc.queryForObject(
                "select count(*) from (select i.incident_id from incident i where " + String.join(" and ", conditions)
                        + " fetch first :most rows only) bounded",
                parameters,
                Integer.class);
        return count == null ? 0 : count;
    }

    Optional<Incident> find(String id, Labels labels) {
        var conditions = new ArrayList<String>();
        var parameters = new MapSqlParameterSource("id", id);
        conditions.add("i.incident_id = :id");
        reach(labels, conditions, parameters);
        return jdbc
                .query(SELECT + "where " + String.join("\n  and ", conditions), parameters, JdbcIncidents::incident)
                .stream()
                .findFirst();
    }

    private static void reach(Labels labels, List<String> conditions, MapSqlParameterSource parameters) {
        if (!labels.all()) {
            conditions.add("exists (select 1 from incident_member m where m.incident_id = i.incident_id and "
                    + WithinReach.groups("m.group_key") + ")");
            parameters.addValue(WithinReach.PARAMETER, WithinReach.parameter(labels));
        }
    }

    /** Deletes some incidents that closed before a time; how many. */
    int purge(Instant before) {
        var ids = jdbc.queryForList(OLD, Map.of("before", JdbcTimes.toJdbc(before)), String.class);
        if (!ids.isEmpty()) {
            for (var table : List.of("alert_message", "incident_event", "incident_member", "incident")) {
                jdbc.update("delete from " + table + " where incident_id in (:ids)", Map.of("ids", ids));
            }
        }
        return ids.size();
    }

    private static Incident incident(ResultSet row, int number) throws SQLException {
        return new Incident(
                row.getString("incident_id"),
                row.getString("gathered_by"),
                AlertCondition.valueOf(row.getString("condition_name")),
                row.getString("system_key"),
                row.getString("cause"),
                JSON.readValue(row.getString("label_list"), TEXTS),
                JSON.readValue(row.getString("routes"), ROUTES),
                Incident.State.valueOf(row.getString("state")),
                row.getInt("member_count"),
                row.getInt("standing_count"),
                row.getInt("group_count"),
                JdbcTimes.instant(row, "opened_at"),
                JdbcTimes.instant(row, "last_signal_at"),
                JdbcTimes.instantOrNull(row, "acknowledged_at"),
                row.getString("acknowledged_by"),
                row.getString("acknowledged_why"),
                JdbcTimes.instantOrNull(row, "closed_at"),
                JdbcTimes.instantOrNull(row, "due_at"));
    }

    private static Member member(ResultSet row, int number) throws SQLException {
        return new Member(
                row.getString("member_id"),
                row.getString("incident_id"),
                AlertCondition.valueOf(row.getString("condition_name")),
                row.getString("subject"),
                row.getString("group_key"),
                row.getString("system_key"),
                row.getString("run_id"),
                row.getString("task_run_id"),
                row.getString("detail"),
                JdbcTimes.instant(row, "since_at"),
                JdbcTimes.instant(row, "joined_at"),
                JdbcTimes.instantOrNull(row, "cured_at"));
    }
}
