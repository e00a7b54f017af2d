package io.syncline.provider.push;

import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code push_delivery}, beside the messages of the outbox that bring them. */
@Repository
class JdbcDeliveries {

    private static final String INSERT = """
            insert into push_delivery (delivery_id, subscription_id, subscription_key, dataset_name, dataset_seq,
                   event_id, row_key)
            values (:id, :subscription, :key, :dataset, :seq, :event, :row)
            """;

    private static final String SELECT = """
            select d.delivery_id, d.subscription_key, d.dataset_name, d.dataset_seq, d.event_id, d.row_key, m.state,
                   m.deliveries, m.created_at, m.due_at, m.ended_at, m.last_cause,
                   k.last_sequence - m.key_sequence as behind
              from push_delivery d
              join outbox_message m on m.id = d.delivery_id
              left join outbox_key k on k.ordering_key = m.ordering_key
            """;

    private static final String PAGE = SELECT + """
             where d.delivery_id < :before
             order by d.delivery_id desc fetch first :limit rows only
            """;

    private static final String PAGE_IN_STATE = SELECT + """
             where d.delivery_id < :before and m.state = :state
             order by d.delivery_id desc fetch first :limit rows only
            """;

    private static final String PAGE_OF_ONE = SELECT + """
             where d.delivery_id < :before and d.subscription_key = :key
             order by d.delivery_id desc fetch first :limit rows only
            """;

    private static final String PAGE_OF_ONE_IN_STATE = SELECT + """
             where d.delivery_id < :before and d.subscription_key = :key and m.state = :state
             order by d.delivery_id desc fetch first :limit rows only
            """;

    private static final String ONE = SELECT + " where d.delivery_id = :id";

    /** In the order of their changes, so that those of one key are sent again in it. */
    private static final String DEAD_SINCE = """
            select d.delivery_id
              from push_delivery d
              join outbox_message m on m.id = d.delivery_id
             where d.subscription_id = :subscription and d.subscription_key = :key and m.state = 'DEAD'
               and m.ended_at >= :since
             order by d.dataset_seq, d.delivery_id fetch first :limit rows only
            """;

    /** So many are looked at, and no more: what piles up beyond that is counted by whoever mends it. */
    private static final String BACKLOG = """
            select target, count(*) as messages, min(created_at) as oldest
              from (select target, created_at from outbox_message
                     where kind = 'syncline.push' and state = :state
                     fetch first :bound rows only) m
             group by target
            """;

    private static final String FORGOTTEN = """
            select d.delivery_id from push_delivery d
             where not exists (select 1 from outbox_message m where m.id = d.delivery_id)
             order by d.delivery_id fetch first :limit rows only
            """;

    private static final String DELETE = "delete from push_delivery where delivery_id in (:ids)";

    private final JdbcClient jdbc;

    JdbcDeliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * As it is answered.
     *
     * @param seq number of the change within its dataset
     * @param attempts how often it was begun
     * @param blocks later deliveries of the same row that wait until this one has ended; 0 once it has
     * @param dueAt when the next attempt may begin; null once it has ended
     */
    record DeliveryView(
            String deliveryId,
            String subscription,
            String dataset,
            long seq,
            String eventId,
            String key,
            String state,
            int attempts,
            long blocks,
            Instant createdAt,
            @Nullable Instant dueAt,
            @Nullable Instant endedAt,
            @Nullable String lastCause) {}

    void insert(String id, Subscription subscription, LoggedChange change) {
        jdbc.sql(INSERT)
                .param("id", id)
                .param("subscription", subscription.id())
                .param("key", subscription.key())
                .param("dataset", change.dataset())
                .param("seq", change.seq())
                .param("event", change.id())
                .param("row", change.key())
                .update();
    }

    /** @param before ids below it, the newest first */
    List<DeliveryView> page(@Nullable String subscription, @Nullable String state, String before, int limit) {
        var sql = subscription == null
                ? state == null ? PAGE : PAGE_IN_STATE
                : state == null ? PAGE_OF_ONE : PAGE_OF_ONE_IN_STATE;
        var statement = jdbc.sql(sql).param("before", before).param("limit", limit);
        if (subscription != null) {
            statement = statement.param("key", subscription);
        }
        if (state != null) {
            statement = statement.param("state", state);
        }
        return statement.query((row, number) -> read(row)).list();
    }

    Optional<DeliveryView> find(String id) {
        return jdbc.sql(ONE).param("id", id).query((row, number) -> read(row)).optional();
    }

    List<String> deadSince(Subscription subscription, Instant since, int limit) {
        return jdbc.sql(DEAD_SINCE)
                .param("subscription", subscription.id())
                .param("key", subscription.key())
                .param("since", JdbcTimes.toJdbc(since))
                .param("limit", limit)
                .query(String.class)
                .list();
    }

    /**
     * What is in a state for a subscription.
     *
     * @param subscription its id
     * @param oldest when the first was stored
     */
    record Backlog(String subscription, long messages, Instant oldest) {}

    /** @param bound most messages that are looked at, of all subscriptions together */
    List<Backlog> backlogs(String state, int bound) {
        return jdbc.sql(BACKLOG)
                .param("state", state)
                .param("bound", bound)
                .query((row, number) ->
                        new Backlog(row.getString("target"), row.getLong("messages"), JdbcTimes.instant(row, "oldest")))
                .list();
    }

    /** Deletes what the outbox has deleted. */
    int purge(int limit) {
        var ids = jdbc.sql(FORGOTTEN).param("limit", limit).query(String.class).list();
        return ids.isEmpty() ? 0 : jdbc.sql(DELETE).param("ids", ids).update();
    }

    private static DeliveryView read(ResultSet row) throws SQLException {
        var state = row.getString("state");
        return new DeliveryView(
                row.getString("delivery_id"),
                row.getString("subscription_key"),
                row.getString("dataset_name"),
                row.getLong("dataset_seq"),
                row.getString("event_id"),
                row.getString("row_key"),
                state,
                row.getInt("deliveries"),
                // Of what is behind one that is pending nothing has ended, so the numbers of the row's order tell.
                state.equals("PENDING") ? row.getLong("behind") : 0,
                JdbcTimes.instant(row, "created_at"),
                state.equals("PENDING") ? JdbcTimes.instant(row, "due_at") : null,
                JdbcTimes.instantOrNull(row, "ended_at"),
                row.getString("last_cause"));
    }
}
