package io.syncline.provider.push;

import io.syncline.provider.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code push_subscription} and {@code push_cursor}. */
@Repository
class JdbcSubscriptions {

    private static final String SELECT = """
            select subscription_id, subscription_key, dataset_name, endpoint, ordered, enabled, disabled_because,
                   sealed_secret, earlier_secret, earlier_until, failing_since, edition, created_at, changed_at, changed_by
              from push_subscription
            """;

    private static final String BY_KEY = SELECT + " where subscription_key = :key";

    private static final String BY_ID = SELECT + " where subscription_id = :id";

    private static final String ALL = SELECT + " order by subscription_key";

    private static final String PAGE =
            SELECT + " where subscription_key > :after order by subscription_key fetch first :limit rows only";

    /** Changes of its log for which no delivery is stored yet. */
    private static final String UNSTORED = """
            select s.subscription_key, f.last_seq - c.stored_seq as changes
              from push_subscription s
              join push_cursor c on c.subscription_id = s.subscription_id
              join change_feed f on f.dataset_name = s.dataset_name
             where s.subscription_key in (:keys)
            """;

    private static final String RESEAL = """
            update push_subscription set sealed_secret = :secret, earlier_secret = :earlier
             where subscription_id = :id and edition = :edition
            """;

    private static final String INSERT = """
            insert into push_subscription (subscription_id, subscription_key, dataset_name, endpoint, ordered, enabled,
                   sealed_secret, edition, created_at, changed_at, changed_by)
            values (:id, :key, :dataset, :endpoint, :ordered, 1, :secret, 1, :now, :now, :by)
            """;

    private static final String UPDATE = """
            update push_subscription
               set endpoint = :endpoint, ordered = :ordered, enabled = 1, disabled_because = null,
                   failing_since = null, sealed_secret = :secret, earlier_secret = :earlier, earlier_until = :until,
                   edition = edition + 1, changed_at = :now, changed_by = :by
             where subscription_id = :id and edition = :edition
            """;

    private static final String DELETE =
            "delete from push_subscription where subscription_id = :id and edition = :edition";

    private static final String BEGIN = "insert into push_cursor (subscription_id, stored_seq) values (:id, :seq)";

    private static final String END = "delete from push_cursor where subscription_id = :id";

    /** Those that have something to be stored; whoever is disabled waits in the log. */
    private static final String BEHIND = """
            select s.subscription_id
              from push_subscription s
              join push_cursor c on c.subscription_id = s.subscription_id
              join change_feed f on f.dataset_name = s.dataset_name
             where s.enabled = 1 and c.stored_seq < f.last_seq
            """;

    private static final String PLACES = """
            select s.dataset_name, min(c.stored_seq) as stored_seq
              from push_subscription s
              join push_cursor c on c.subscription_id = s.subscription_id
             group by s.dataset_name
            """;

    private static final String TAKE =
            "select stored_seq from push_cursor where subscription_id = :id for update skip locked";

    private static final String LOCK = "select stored_seq from push_cursor where subscription_id = :id for update";

    private static final String ADVANCE = "update push_cursor set stored_seq = :seq where subscription_id = :id";

    private static final String SUCCEEDED = """
            update push_subscription set failing_since = null where subscription_id = :id and failing_since is not null
            """;

    private static final String FAILED = """
            update push_subscription set failing_since = :now where subscription_id = :id and failing_since is null
            """;

    private static final String DISABLE = """
            update push_subscription set enabled = 0, disabled_because = :because, changed_at = :now
             where subscription_id = :id and enabled = 1
            """;

    private final JdbcClient jdbc;

    JdbcSubscriptions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Subscription> byKey(String key) {
        return jdbc.sql(BY_KEY)
                .param("key", key)
                .query((row, number) -> read(row))
                .optional();
    }

    Optional<Subscription> byId(String id) {
        return jdbc.sql(BY_ID).param("id", id).query((row, number) -> read(row)).optional();
    }

    List<Subscription> all() {
        return jdbc.sql(ALL).query((row, number) -> read(row)).list();
    }

    /** @param after those whose keys are behind it, in the order of their keys */
    List<Subscription> page(String after, int limit) {
        return jdbc.sql(PAGE)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> read(row))
                .list();
    }

    /** By key, how many changes of the log are not stored for it yet. */
    Map<String, Long> unstored(Collection<String> keys) {
        var unstored = new HashMap<String, Long>();
        if (!keys.isEmpty()) {
            jdbc.sql(UNSTORED).param("keys", keys).query((RowCallbackHandler)
                    row -> unstored.put(row.getString("subscription_key"), row.getLong("changes")));
        }
        return unstored;
    }

    /** @return false when it was edited in the meantime */
    boolean reseal(Subscription subscription, String secret, @Nullable String earlier) {
        return jdbc.sql(RESEAL)
                        .param("id", subscription.id())
                        .param("edition", subscription.edition())
                        .param("secret", secret)
                        .param("earlier", earlier)
                        .update()
                == 1;
    }

    /** @param seq its first delivery is of the change behind this number */
    void insert(Subscription subscription, long seq) {
        jdbc.sql(INSERT)
                .param("id", subscription.id())
                .param("key", subscription.key())
                .param("dataset", subscription.dataset())
                .param("endpoint", subscription.endpoint())
                .param("ordered", subscription.ordered() ? 1 : 0)
                .param("secret", subscription.sealedSecret())
                .param("now", JdbcTimes.toJdbc(subscription.createdAt()))
                .param("by", subscription.changedBy())
                .update();
        jdbc.sql(BEGIN).param("id", subscription.id()).param("seq", seq).update();
    }

    /** @return false when it was edited in the meantime */
    boolean update(Subscription subscription, int edition) {
        return jdbc.sql(UPDATE)
                        .param("id", subscription.id())
                        .param("edition", edition)
                        .param("endpoint", subscription.endpoint())
                        .param("ordered", subscription.ordered() ? 1 : 0)
                        .param("secret", subscription.sealedSecret())
                        .param("earlier", subscription.earlierSecret())
                        .param("until", JdbcTimes.toJdbcOrNull(subscription.earlierUntil()))
                        .param("now", JdbcTimes.toJdbc(subscription.changedAt()))
                        .param("by", subscription.changedBy())
                        .update()
                == 1;
    }

    /** @return false when it was edited in the meantime */
    boolean delete(String id, int edition) {
        if (jdbc.sql(DELETE).param("id", id).param("edition", edition).update() == 0) {
            return false;
        }
        jdbc.sql(END).param("id", id).update();
        return true;
    }

    List<String> behind() {
        return jdbc.sql(BEHIND).query(String.class).list();
    }

    /** For each dataset, up to which number the deliveries of all its subscriptions are stored. */
    Map<String, Long> places() {
        var places = new HashMap<String, Long>();
        jdbc.sql(PLACES).query((RowCallbackHandler)
                row -> places.put(row.getString("dataset_name"), row.getLong("stored_seq")));
        return places;
    }

    /** Keeps all others from storing deliveries of it until the transaction ends; empty when another does. */
    OptionalLong take(String id) {
        var seq = jdbc.sql(TAKE).param("id", id).query(Long.class).optional();
        return seq.isPresent() ? OptionalLong.of(seq.get()) : OptionalLong.empty();
    }

    /** The same, and waits for the other. */
    void lock(String id) {
        jdbc.sql(LOCK).param("id", id).query(Long.class).optional();
    }

    void advance(String id, long seq) {
        jdbc.sql(ADVANCE).param("id", id).param("seq", seq).update();
    }

    void succeeded(String id) {
        jdbc.sql(SUCCEEDED).param("id", id).update();
    }

    void failed(String id, Instant now) {
        jdbc.sql(FAILED).param("id", id).param("now", JdbcTimes.toJdbc(now)).update();
    }

    /** @return false when it was disabled already */
    boolean disable(String id, String because, Instant now) {
        return jdbc.sql(DISABLE)
                        .param("id", id)
                        .param("because", because)
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1;
    }

    private static Subscription read(ResultSet row) throws SQLException {
        return new Subscription(
                row.getString("subscription_id"),
                row.getString("subscription_key"),
                row.getString("dataset_name"),
                row.getString("endpoint"),
                row.getInt("ordered") == 1,
                row.getInt("enabled") == 1,
                row.getString("disabled_because"),
                row.getString("sealed_secret"),
                row.getString("earlier_secret"),
                JdbcTimes.instantOrNull(row, "earlier_until"),
                JdbcTimes.instantOrNull(row, "failing_since"),
                row.getInt("edition"),
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instant(row, "changed_at"),
                row.getString("changed_by"));
    }
}
