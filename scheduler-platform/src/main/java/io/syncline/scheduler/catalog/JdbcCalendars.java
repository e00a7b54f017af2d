package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Calendars in the database; a deleted one leaves its row, so that a version number never means two documents. */
@Repository
class JdbcCalendars implements Calendars {

    private static final String CURRENT = """
            select calendar_key, version_number, document, changed_at, changed_by from sync_calendar
            where calendar_key = :key and deleted_at is null
            """;

    private static final String AFTER = """
            select c.calendar_key, c.version_number, c.document, c.changed_at, c.changed_by from sync_calendar c
            where c.deleted_at is null and c.calendar_key > :after
            """;

    private static final String IN_ORDER = """

            order by c.calendar_key
            fetch first :count rows only
            """;

    private static final String PAGE = AFTER + IN_ORDER;

    private static final String PAGE_WITHIN_REACH =
            AFTER + "and " + WithinReach.readableCalendars("c.calendar_key") + IN_ORDER;

    private static final String LOCK = """
            select version_number, deleted_at from sync_calendar
            where calendar_key = :key
            for update
            """;

    private static final String INSERT = """
            insert into sync_calendar (calendar_key, version_number, document, changed_at, changed_by)
            values (:key, :version, :document, :now, :by)
            """;

    private static final String UPDATE = """
            update sync_calendar
            set version_number = :version, document = :document, changed_at = :now, changed_by = :by, deleted_at = null
            where calendar_key = :key
            """;

    private static final String DELETE_LABELS = "delete from sync_calendar_label where calendar_key = :key";

    private static final String INSERT_LABEL =
            "insert into sync_calendar_label (calendar_key, label) values (:key, :label)";

    private static final String MARK_DELETED = """
            update sync_calendar set deleted_at = :now
            where calendar_key = :key
            """;

    private static final String GROUPS_NAMING = """
            select group_key from task_group_calendar
            where calendar_key = :key
            order by group_key
            fetch first 10 rows only
            """;

    private final JdbcClient jdbc;

    JdbcCalendars(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<BusinessCalendar> current(String key) {
        return stored(key).map(JdbcCalendars::parse);
    }

    Optional<StoredVersion> stored(String key) {
        return jdbc.sql(CURRENT).param("key", key).query(JdbcCalendars::row).optional();
    }

    /** The calendars after a key, by key, as far as they may be read. */
    List<StoredVersion> after(String key, int count, Labels labels) {
        var page = labels.all()
                ? jdbc.sql(PAGE)
                : jdbc.sql(PAGE_WITHIN_REACH).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return page.param("after", key)
                .param("count", count)
                .query(JdbcCalendars::row)
                .list();
    }

    /** Keeps the calendar from being changed or deleted until the end of the transaction. */
    Optional<LatestVersion> lock(String key) {
        return jdbc.sql(LOCK).param("key", key).query(LatestVersion::of).optional();
    }

    void store(StoredVersion calendar, List<String> labels, boolean isNew) {
        jdbc.sql(isNew ? INSERT : UPDATE)
                .param("key", calendar.key())
                .param("version", calendar.version())
                .param("document", calendar.document())
                .param("now", JdbcTimes.toJdbc(calendar.createdAt()))
                .param("by", calendar.createdBy())
                .update();
        jdbc.sql(DELETE_LABELS).param("key", calendar.key()).update();
        for (String label : labels) {
            jdbc.sql(INSERT_LABEL)
                    .param("key", calendar.key())
                    .param("label", label)
                    .update();
        }
    }

    void delete(String key, Instant now) {
        jdbc.sql(MARK_DELETED)
                .param("key", key)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    /** The first ten groups whose current version names the calendar. */
    List<String> groupsNaming(String key) {
        return jdbc.sql(GROUPS_NAMING).param("key", key).query(String.class).list();
    }

    static BusinessCalendar parse(StoredVersion stored) {
        return CalendarDocument.read(Documents.json(stored.document()), stored.key(), stored.version(), LabelEdit.FREE);
    }

    private static StoredVersion row(ResultSet row, int number) throws SQLException {
        return StoredVersion.of(row, "calendar_key");
    }
}
