package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Channels in the database, and which groups name them. */
@Repository
class JdbcChannels {

    static final String TABLE = "alert_channel";
    static final String SECRETS = "sealed_secrets";

    private static final String SELECT = """
            select c.channel_key, c.version_number, c.channel_type, c.document, c.bound_origin, c.sealed_secrets,
                c.secret_set_at, c.cleared_at, c.changed_at, c.changed_by, c.deleted_at
            from alert_channel c
            """;

    private static final String CURRENT = SELECT + "where c.channel_key = :key and c.deleted_at is null";

    private static final String LOCK = SELECT + "where c.channel_key = :key for update";

    private static final String LIVE = SELECT + "where c.deleted_at is null and c.channel_key > :after\n";

    private static final String REACHED = "and " + WithinReach.readableChannels("c.channel_key") + "\n";

    private static final String IN_ORDER = "order by c.channel_key\nfetch first :count rows only";

    private static final String SEALED = SELECT + "where c.sealed_secrets is not null order by c.channel_key";

    private static final String INSERT = """
            insert into alert_channel (channel_key, version_number, channel_type, document, bound_origin, sealed_secrets,
                secret_set_at, cleared_at, changed_at, changed_by)
            values (:key, :version, :type, :document, :origin, :secrets, :setAt, :clearedAt, :now, :by)
            """;

    private static final String UPDATE = """
            update alert_channel
            set version_number = :version, channel_type = :type, document = :document, bound_origin = :origin,
                sealed_secrets = :secrets, secret_set_at = :setAt, cleared_at = :clearedAt, changed_at = :now,
                changed_by = :by, deleted_at = null
            where channel_key = :key
            """;

    private static final String DELETE = """
            update alert_channel set deleted_at = :now, sealed_secrets = null where channel_key = :key
            """;

    private static final String RESEAL = "update alert_channel set sealed_secrets = :anew where channel_key = :key";

    private static final String DELETE_LABELS = "delete from alert_channel_label where channel_key = :key";

    private static final String INSERT_LABEL =
            "insert into alert_channel_label (channel_key, label) values (:key, :label)";

    private static final String GROUPS_NAMING = """
            select group_key from task_group_channel
            where channel_key = :key
            order by group_key
            fetch first 10 rows only
            """;

    private static final String FORGET_NAMED = "delete from task_group_channel where group_key = :group";

    private static final String NAMES =
            "insert into task_group_channel (group_key, channel_key) values (:group, :channel)";

    /** @param secrets sealed; null: it has none */
    record Row(
            StoredVersion stored,
            ChannelType type,
            @Nullable String origin,
            @Nullable String secrets,
            @Nullable Instant secretSetAt,
            @Nullable Instant clearedAt,
            boolean deleted) {}

    private final JdbcClient jdbc;

    JdbcChannels(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Row> current(String key) {
        return jdbc.sql(CURRENT).param("key", key).query(JdbcChannels::row).optional();
    }

    /** Keeps the channel, a deleted one as well, from being changed until the end of the transaction. */
    Optional<Row> lock(String key) {
        return jdbc.sql(LOCK).param("key", key).query(JdbcChannels::row).optional();
    }

    List<Row> after(String key, int count, Labels labels) {
        var page = labels.all()
                ? jdbc.sql(LIVE + IN_ORDER)
                : jdbc.sql(LIVE + REACHED + IN_ORDER).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return page.param("after", key)
                .param("count", count)
                .query(JdbcChannels::row)
                .list();
    }

    List<Row> sealed() {
        return jdbc.sql(SEALED).query(JdbcChannels::row).list();
    }

    void store(Row row, List<String> labels, boolean isNew) {
        var stored = row.stored();
        jdbc.sql(isNew ? INSERT : UPDATE)
                .param("key", stored.key())
                .param("version", stored.version())
                .param("type", row.type().wire())
                .param("document", stored.document())
                .param("origin", row.origin())
                .param("secrets", row.secrets())
                .param("setAt", JdbcTimes.toJdbcOrNull(row.secretSetAt()))
                .param("clearedAt", JdbcTimes.toJdbcOrNull(row.clearedAt()))
                .param("now", JdbcTimes.toJdbc(stored.createdAt()))
                .param("by", stored.createdBy())
                .update();
        jdbc.sql(DELETE_LABELS).param("key", stored.key()).update();
        labels.forEach(label -> jdbc.sql(INSERT_LABEL)
                .param("key", stored.key())
                .param("label", label)
                .update());
    }

    void delete(String key, Instant now) {
        jdbc.sql(DELETE).param("key", key).param("now", JdbcTimes.toJdbc(now)).update();
    }

    void reseal(String key, String anew) {
        jdbc.sql(RESEAL).param("key", key).param("anew", anew).update();
    }

    /** The first ten groups whose current version names the channel. */
    List<String> groupsNaming(String key) {
        return jdbc.sql(GROUPS_NAMING).param("key", key).query(String.class).list();
    }

    /** Notes which channels the current version of a locked group names. */
    void named(String group, Collection<String> channels) {
        jdbc.sql(FORGET_NAMED).param("group", group).update();
        new TreeSet<>(channels)
                .forEach(channel -> jdbc.sql(NAMES)
                        .param("group", group)
                        .param("channel", channel)
                        .update());
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(
                StoredVersion.of(row, "channel_key"),
                ChannelType.ofWire(row.getString("channel_type"))
                        .orElseThrow(() -> new IllegalStateException("a channel of an unknown type is stored")),
                row.getString("bound_origin"),
                row.getString("sealed_secrets"),
                JdbcTimes.instantOrNull(row, "secret_set_at"),
                JdbcTimes.instantOrNull(row, "cleared_at"),
                JdbcTimes.instantOrNull(row, "deleted_at") != null);
    }
}
