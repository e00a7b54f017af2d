package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What groups are expected to do. Joins the caller's transaction. */
@Repository
class JdbcWatches {

    private static final String ALL =
            "select group_key, watch_kind, spec, begun_at, next_check_at, standing_since from group_watch";

    private static final String LOCK = """
            select group_key, watch_kind, spec, begun_at, next_check_at, standing_since from group_watch
            where group_key = :group and watch_kind = :kind
            for update
            """;

    private static final String DUE = """
            select group_key, watch_kind, spec, begun_at, next_check_at, standing_since from group_watch
            where next_check_at <= :now
            order by next_check_at, group_key, watch_kind
            fetch first :count rows only
            """;

    private static final String INSERT = """
            insert into group_watch (group_key, watch_kind, spec, begun_at, next_check_at, standing_since)
            values (:group, :kind, :spec, :begun, :check, :standing)
            """;

    private static final String UPDATE = """
            update group_watch
            set spec = :spec, begun_at = :begun, next_check_at = :check, standing_since = :standing
            where group_key = :group and watch_kind = :kind
            """;

    private static final String DELETE = "delete from group_watch where group_key = :group and watch_kind = :kind";

    private static final String EXPECT_BY = "EXPECT_BY";
    private static final String FRESHNESS = "FRESHNESS";

    private final JdbcClient jdbc;

    JdbcWatches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Watch> all() {
        return jdbc.sql(ALL).query(JdbcWatches::watch).list();
    }

    /** Those that are to be looked at, the longest due first. */
    List<Watch> due(Instant now, int limit) {
        return jdbc.sql(DUE)
                .param("now", JdbcTimes.toJdbc(now))
                .param("count", limit)
                .query(JdbcWatches::watch)
                .list();
    }

    /** Keeps it from being changed by others until the end of the transaction. */
    Optional<Watch> lock(String group, AlertCondition condition) {
        return jdbc.sql(LOCK)
                .param("group", group)
                .param("kind", kind(condition))
                .query(JdbcWatches::watch)
                .optional();
    }

    void insert(Watch watch) {
        write(INSERT, watch);
    }

    void update(Watch watch) {
        write(UPDATE, watch);
    }

    void delete(Watch watch) {
        jdbc.sql(DELETE)
                .param("group", watch.group())
                .param("kind", kind(watch.condition()))
                .update();
    }

    private void write(String statement, Watch watch) {
        jdbc.sql(statement)
                .param("group", watch.group())
                .param("kind", kind(watch.condition()))
                .param("spec", watch.spec())
                .param("begun", JdbcTimes.toJdbc(watch.begunAt()))
                .param("check", JdbcTimes.toJdbc(watch.nextCheckAt()))
                .param("standing", JdbcTimes.toJdbcOrNull(watch.standingSince()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    private static String kind(AlertCondition condition) {
        return condition == AlertCondition.FRESHNESS ? FRESHNESS : EXPECT_BY;
    }

    private static Watch watch(ResultSet row, int number) throws SQLException {
        return new Watch(
                row.getString("group_key"),
                row.getString("watch_kind").equals(FRESHNESS)
                        ? AlertCondition.FRESHNESS
                        : AlertCondition.EXPECTED_TRIGGER_MISSING,
                row.getString("spec"),
                JdbcTimes.instant(row, "begun_at"),
                JdbcTimes.instant(row, "next_check_at"),
                JdbcTimes.instantOrNull(row, "standing_since"));
    }
}
