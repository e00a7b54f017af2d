package io.syncline.scheduler.trigger;

import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Repository;

/** The table of trigger messages. */
@Repository
class JdbcTriggerMessages implements TriggerMessages {

    private static final RowBatch<StoredMessage> INSERT = RowBatch.<StoredMessage>of("trigger_message")
            .key("trigger_id", TEXT, StoredMessage::triggerId)
            .column("source", TEXT, StoredMessage::source)
            .column("message_id", TEXT, StoredMessage::messageId)
            .column("event_type", TEXT, StoredMessage::eventType)
            .column("subject", TEXT, StoredMessage::subject)
            .column("partition_key", TEXT, StoredMessage::partitionKey)
            .column("event_time", TEXT, StoredMessage::eventTime)
            .column("status", TEXT, StoredMessage::status)
            .column("dedup_key", TEXT, StoredMessage::dedupKey)
            .column("content_hash", TEXT, StoredMessage::contentHash)
            .column("event_body", TEXT, StoredMessage::eventBody)
            .column("problem", TEXT, StoredMessage::problem)
            .column("client_id", TEXT, StoredMessage::clientId)
            .column("system_key", TEXT, StoredMessage::systemKey)
            .column("transport", TEXT, StoredMessage::transport)
            .column("received_at", TIMESTAMPTZ, StoredMessage::receivedAt)
            .column("resubmit_of", TEXT, StoredMessage::resubmitOf)
            .column("place", TEXT, StoredMessage::place)
            .column("trace_id", TEXT, StoredMessage::traceId);

    static final String VERIFYING = """
            select trigger_id from trigger_message where trigger_id in (:ids) and status = 'VERIFYING'
            """;

    static final String ACCEPTED = """
            select * from trigger_message where dedup_key in (:keys)
            """;

    private static final String POSTGRES_ACCEPTED = """
            select * from trigger_message where dedup_key = any (cast(:keys as text[]))
            """;

    static final String REJECTED = """
            select trigger_id from trigger_message
             where source = :source and message_id = :messageId and status = 'REJECTED'
             order by received_at desc, trigger_id desc
             fetch first %d rows only
            """;

    private static final String POSTGRES_REJECTED = """
            select r.trigger_id
              from unnest(cast(:sources as text[]), cast(:ids as text[])) as n (source, message_id)
             cross join lateral (
                   select m.trigger_id from trigger_message m
                    where m.source = n.source and m.message_id = n.message_id and m.status = 'REJECTED'
                    order by m.received_at desc, m.trigger_id desc
                    limit :limit) r
            """;

    private static final String HAS_RUN = "exists (select 1 from run r where r.trigger_id = m.trigger_id and "
            + WithinReach.groups("r.group_key") + ")";

    static final String BY_ID = "select m.* from trigger_message m where m.trigger_id = :triggerId\n";

    static final String BY_ID_WITHIN_REACH = BY_ID + " and " + HAS_RUN;

    private static final String MESSAGES = "select m.* from trigger_message m\n";

    private static final String NEWEST_FIRST = """
             order by m.received_at desc, m.trigger_id desc
             fetch first %d rows only
            """;

    /** More is not told of a message that comes all the time. */
    static final String CAME_AGAIN = """
            update trigger_message set copies = least(coalesce(copies, 0) + 1, 1000000), last_copy_at = :at
             where trigger_id = :triggerId
            """;

    static final String KEPT = """
            select count(*) from trigger_message
             where source = :source and message_id = :messageId and content_hash = :hash
            """;

    static final String END = """
            update trigger_message set status = :status, dedup_key = :dedupKey, problem = :problem
             where trigger_id = :triggerId and status = 'VERIFYING'
            """;

    static final String LOCK = "select m.* from trigger_message m where m.trigger_id = :triggerId for update";

    static final String COPIES = """
            select trigger_id, resubmit_of, status from trigger_message where resubmit_of in (:ids) order by trigger_id
            """;

    /** No key is one. */
    private static final String NO_SYSTEM = "-";

    /**
     * Which messages a list shows; null fields do not filter.
     *
     * @param from the first time of arrival that is shown
     * @param to the first that is not
     * @param copied only those that came more than once
     */
    record Filter(
            @Nullable String source,
            @Nullable String messageId,
            @Nullable TriggerStatus status,
            @Nullable String ofClient,
            @Nullable String ofSystem,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String transport,
            boolean copied) {

        Filter(
                @Nullable String source,
                @Nullable String messageId,
                @Nullable TriggerStatus status,
                @Nullable String ofClient,
                @Nullable String ofSystem,
                @Nullable String type,
                @Nullable Instant from,
                @Nullable Instant to) {
            this(source, messageId, status, ofClient, ofSystem, type, from, to, null, false);
        }

        Filter(
                @Nullable String source,
                @Nullable String messageId,
                @Nullable TriggerStatus status,
                @Nullable String ofClient,
                @Nullable String ofSystem) {
            this(source, messageId, status, ofClient, ofSystem, null, null, null);
        }
    }

    /** Where the next page begins: after this message. */
    record After(Instant receivedAt, String triggerId) {}

    /** Oracle takes at most 1,000 members in a list. */
    private static final int IN_LIST = 500;

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;

    JdbcTriggerMessages(NamedParameterJdbcOperations jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    @Override
    public void insert(Collection<StoredMessage> messages) {
        // In one order, so that two batches with the same messages do not wait for each other.
        INSERT.insert(
                jdbc,
                dialect,
                messages.stream()
                        .sorted(Comparator.comparing(
                                StoredMessage::dedupKey, Comparator.nullsFirst(Comparator.naturalOrder())))
                        .toList());
    }

    @Override
    public Map<String, StoredMessage> accepted(Collection<String> dedupKeys) {
        var found = new ArrayList<StoredMessage>();
        if (dialect == SqlDialect.POSTGRESQL) {
            found.addAll(jdbc.query(
                    POSTGRES_ACCEPTED, Map.of("keys", dedupKeys.toArray(String[]::new)), JdbcTriggerMessages::message));
        } else {
            chunks(dedupKeys)
                    .forEach(some ->
                            found.addAll(jdbc.query(ACCEPTED, Map.of("keys", some), JdbcTriggerMessages::message)));
        }
        var byKey = new HashMap<String, StoredMessage>();
        found.forEach(message -> byKey.put(message.dedupKey(), message));
        return byKey;
    }

    private static List<List<String>> chunks(Collection<String> all) {
        var list = List.copyOf(all);
        var chunks = new ArrayList<List<String>>();
        for (int from = 0; from < list.size(); from += IN_LIST) {
            chunks.add(list.subList(from, Math.min(list.size(), from + IN_LIST)));
        }
        return chunks;
    }

    @Override
    public void cameAgain(String triggerId, Instant now) {
        jdbc.update(
                CAME_AGAIN, new MapSqlParameterSource("triggerId", triggerId).addValue("at", JdbcTimes.toJdbc(now)));
    }

    @Override
    public List<String> rejected(Collection<Name> names, int limit) {
        if (dialect == SqlDialect.POSTGRESQL) {
            return jdbc.queryForList(
                    POSTGRES_REJECTED,
                    new MapSqlParameterSource()
                            .addValue(
                                    "sources", names.stream().map(Name::source).toArray(String[]::new))
                            .addValue("ids", names.stream().map(Name::messageId).toArray(String[]::new))
                            .addValue("limit", limit),
                    String.class);
        }
        return names.stream()
                .flatMap(name -> jdbc
                        .queryForList(
                                REJECTED.formatted(limit),
                                Map.of("source", name.source(), "messageId", name.messageId()),
                                String.class)
                        .stream())
                .toList();
    }

    /** Those of these messages whose runs are still to be made, once their source has confirmed them. */
    Set<String> verifying(List<String> triggerIds) {
        var verifying = new HashSet<String>();
        chunks(triggerIds)
                .forEach(some -> verifying.addAll(jdbc.queryForList(VERIFYING, Map.of("ids", some), String.class)));
        return verifying;
    }

    @Override
    public Optional<StoredMessage> find(String triggerId, Labels labels) {
        var parameters = new MapSqlParameterSource("triggerId", triggerId);
        if (!labels.all()) {
            parameters.addValue(WithinReach.PARAMETER, WithinReach.parameter(labels));
        }
        return jdbc.query(labels.all() ? BY_ID : BY_ID_WITHIN_REACH, parameters, JdbcTriggerMessages::message).stream()
                .findFirst();
    }

    @Override
    public boolean isKept(String source, String messageId, String hash) {
        var found = jdbc.queryForObject(
                KEPT, Map.of("source", source, "messageId", messageId, "hash", hash), Integer.class);
        return found != null && found > 0;
    }

    @Override
    public Optional<StoredMessage> lock(String triggerId) {
        return jdbc.query(LOCK, Map.of("triggerId", triggerId), JdbcTriggerMessages::message).stream()
                .findFirst();
    }

    /** Ends the waiting of a message; null: its id is not used up, there was no problem. */
    void end(String triggerId, TriggerStatus status, @Nullable String dedupKey, @Nullable String problem) {
        jdbc.update(
                END,
                new MapSqlParameterSource("triggerId", triggerId)
                        .addValue("status", status.name())
                        .addValue("dedupKey", dedupKey)
                        .addValue("problem", problem));
    }

    @Override
    public List<Copy> copies(Collection<String> triggerIds) {
        if (triggerIds.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                COPIES,
                Map.of("ids", triggerIds),
                (row, number) -> new Copy(
                        row.getString("trigger_id"),
                        row.getString("resubmit_of"),
                        TriggerStatus.valueOf(row.getString("status"))));
    }

    /** Newest first. */
    List<StoredMessage> list(Filter filter, @Nullable After after, int limit, Labels labels) {
        var query = new ListQuery(filter, after, labels);
        return jdbc.query(query.sql(limit), query.parameters, JdbcTriggerMessages::message);
    }

    /** Only the conditions that are set stand in the statement, so that an index is found for each set of them. */
    private static final class ListQuery {

        private final List<String> conditions = new ArrayList<>();
        private final MapSqlParameterSource parameters = new MapSqlParameterSource();

        ListQuery(Filter filter, @Nullable After after, Labels labels) {
            where("m.source = :source", "source", filter.source());
            where("m.message_id = :messageId", "messageId", filter.messageId());
            where("m.event_type = :eventType", "eventType", filter.type());
            where("m.transport = :transport", "transport", filter.transport());
            where(
                    "m.status = :status",
                    "status",
                    filter.status() == null ? null : filter.status().name());
            where("m.received_at >= :earliest", "earliest", time(filter.from()));
            where("m.received_at < :latest", "latest", time(filter.to()));
            if (filter.copied()) {
                // a copy comes after its message, so the times of the copies bound the search by their own index
                where("m.last_copy_at >= :copiedSince", "copiedSince", time(from(filter)));
            }
            if (filter.ofClient() != null) {
                conditions.add("(m.client_id = :client or m.system_key = :system)");
                parameters.addValue("client", filter.ofClient());
                parameters.addValue("system", filter.ofSystem() == null ? NO_SYSTEM : filter.ofSystem());
            }
            if (after != null) {
                conditions.add("(m.received_at < :before or (m.received_at = :before and m.trigger_id < :beforeId))");
                parameters.addValue("before", JdbcTimes.toJdbc(after.receivedAt()));
                parameters.addValue("beforeId", after.triggerId());
            }
            if (!labels.all()) {
                conditions.add(HAS_RUN);
                parameters.addValue(WithinReach.PARAMETER, WithinReach.parameter(labels));
            }
        }

        private static Instant from(Filter filter) {
            return filter.from() == null ? Instant.EPOCH : filter.from();
        }

        private static @Nullable Object time(@Nullable Instant time) {
            return time == null ? null : JdbcTimes.toJdbc(time);
        }

        private void where(String condition, String name, @Nullable Object value) {
            if (value != null) {
                conditions.add(condition);
                parameters.addValue(name, value);
            }
        }

        String sql(int limit) {
            var where = conditions.isEmpty() ? "" : " where " + String.join("\n   and ", conditions) + "\n";
            return MESSAGES + where + NEWEST_FIRST.formatted(limit);
        }
    }

    private static StoredMessage message(ResultSet row, int number) throws SQLException {
        return new StoredMessage(
                row.getString("trigger_id"),
                row.getString("source"),
                row.getString("message_id"),
                row.getString("event_type"),
                row.getString("subject"),
                row.getString("partition_key"),
                row.getString("event_time"),
                TriggerStatus.valueOf(row.getString("status")),
                row.getString("dedup_key"),
                row.getString("content_hash"),
                row.getString("event_body"),
                row.getString("problem"),
                row.getString("client_id"),
                row.getString("system_key"),
                row.getString("transport"),
                JdbcTimes.instant(row, "received_at"),
                row.getString("resubmit_of"),
                row.getString("place"),
                row.getString("trace_id"),
                row.getInt("copies"),
                JdbcTimes.instantOrNull(row, "last_copy_at"));
    }
}
