package io.syncline.scheduler.catalog;

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
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Systems in the database; a deleted one leaves its row, so that a version number never means two documents. */
@Repository
class JdbcSystems {

    private static final String CURRENT = """
            select system_key, version_number, document, changed_at, changed_by from sync_system
            where system_key = :key and deleted_at is null
            """;

    private static final String AFTER = """
            select s.system_key, s.version_number, s.document, s.changed_at, s.changed_by from sync_system s
            where s.deleted_at is null and s.system_key > :after
            """;

    private static final String IN_ORDER = """

            order by s.system_key
            fetch first :count rows only
            """;

    private static final String PAGE = AFTER + IN_ORDER;

    private static final String PAGE_WITHIN_REACH =
            AFTER + "and " + WithinReach.readableSystems("s.system_key") + IN_ORDER;

    private static final String ALL = """
            select s.system_key, s.version_number, s.document, s.changed_at, s.changed_by from sync_system s
            where s.deleted_at is null
            order by s.system_key
            """;

    private static final String DELETE_LABELS = "delete from sync_system_label where system_key = :key";

    private static final String INSERT_LABEL =
            "insert into sync_system_label (system_key, label) values (:key, :label)";

    private static final String LABELLED = "update sync_system set labelled_version = :version where system_key = :key";

    private static final String NOT_LABELLED = """
            select s.system_key from sync_system s
            where s.deleted_at is null and (s.labelled_version is null or s.labelled_version <> s.version_number)
            order by s.system_key
            """;

    private static final String HEADS = """
            select system_key, version_number from sync_system
            where deleted_at is null
            order by system_key
            """;

    private static final String LOCK = """
            select version_number, deleted_at from sync_system
            where system_key = :key
            for update
            """;

    private static final String INSERT = """
            insert into sync_system (system_key, version_number, document, changed_at, changed_by)
            values (:key, :version, :document, :now, :by)
            """;

    private static final String UPDATE = """
            update sync_system
            set version_number = :version, document = :document, changed_at = :now, changed_by = :by, deleted_at = null
            where system_key = :key
            """;

    private static final String MARK_DELETED = """
            update sync_system set deleted_at = :now
            where system_key = :key
            """;

    private static final String GROUPS_NAMING = """
            select group_key from task_group_system
            where system_key = :key
            order by group_key
            fetch first 10 rows only
            """;

    private static final String NAMED = "where s.system_key in (:keys)";

    private static final String NAMING_SYSTEMS = """
            select system_key, group_key
            from (select s.system_key, s.group_key,
                         row_number() over (partition by s.system_key order by s.group_key) as place
                  from task_group_system s
                  where s.system_key in (:keys)
            ) numbered
            where place <= :most
            order by system_key, group_key
            """;

    private static final String NAMING_SYSTEMS_WITHIN_REACH =
            NAMING_SYSTEMS.replace(NAMED, NAMED + " and " + WithinReach.groups("s.group_key"));

    private static final String GROUPS_LISTENING = """
            select distinct group_key from task_group_rule
            where source = :source
            """;

    private static final String DOCUMENTS_NAMING = """
            select v.group_key, v.document
            from task_group_system s
            join task_group g on g.group_key = s.group_key
            join task_group_version v on v.group_key = g.group_key and v.version_number = g.latest_version
            where s.system_key = :key and g.deleted_at is null
            order by v.group_key
            """;

    /** A group's current document. */
    record Naming(String group, String document) {}

    /** A system and its version, without its document. */
    record Head(String key, int version) {}

    private final JdbcClient jdbc;

    JdbcSystems(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<StoredVersion> current(String key) {
        return jdbc.sql(CURRENT).param("key", key).query(JdbcSystems::stored).optional();
    }

    /** The systems after a key, by key, as far as they may be read. */
    List<StoredVersion> after(String key, int count, Labels labels) {
        var page = labels.all()
                ? jdbc.sql(PAGE)
                : jdbc.sql(PAGE_WITHIN_REACH).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return page.param("after", key)
                .param("count", count)
                .query(JdbcSystems::stored)
                .list();
    }

    List<StoredVersion> all() {
        return jdbc.sql(ALL).query(JdbcSystems::stored).list();
    }

    List<Head> heads() {
        return jdbc.sql(HEADS)
                .query((row, i) -> new Head(row.getString("system_key"), row.getInt("version_number")))
                .list();
    }

    /** Keeps the system from being changed or deleted until the end of the transaction. */
    Optional<LatestVersion> lock(String key) {
        return jdbc.sql(LOCK).param("key", key).query(LatestVersion::of).optional();
    }

    void store(StoredVersion system, boolean isNew) {
        jdbc.sql(isNew ? INSERT : UPDATE)
                .param("key", system.key())
                .param("version", system.version())
                .param("document", system.document())
                .param("now", JdbcTimes.toJdbc(system.createdAt()))
                .param("by", system.createdBy())
                .update();
    }

    /** Systems whose labels are not those of their document, because an older release has stored it. */
    List<String> notLabelled() {
        return jdbc.sql(NOT_LABELLED).query(String.class).list();
    }

    /** Keeps the labels of a locked system. */
    void label(SyncSystem system) {
        jdbc.sql(DELETE_LABELS).param("key", system.key()).update();
        for (String label : system.labels()) {
            jdbc.sql(INSERT_LABEL)
                    .param("key", system.key())
                    .param("label", label)
                    .update();
        }
        jdbc.sql(LABELLED)
                .param("key", system.key())
                .param("version", system.version())
                .update();
    }

    void delete(String key, Instant now) {
        jdbc.sql(MARK_DELETED)
                .param("key", key)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    /** The first ten groups whose current version calls the system. */
    List<String> groupsNaming(String key) {
        return jdbc.sql(GROUPS_NAMING).param("key", key).query(String.class).list();
    }

    /** The first groups within reach whose current version calls each of these systems, by the system. */
    Map<String, List<String>> groupsNaming(Collection<String> keys, int most, Labels labels) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        var naming = labels.all()
                ? jdbc.sql(NAMING_SYSTEMS)
                : jdbc.sql(NAMING_SYSTEMS_WITHIN_REACH).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        Map<String, List<String>> groups = new HashMap<>();
        naming.param("keys", keys)
                .param("most", most)
                .query((row, number) -> groups.computeIfAbsent(row.getString("system_key"), key -> new ArrayList<>())
                        .add(row.getString("group_key")))
                .list();
        return groups;
    }

    /** All groups whose current version has a trigger rule for the source. */
    List<String> groupsListening(String source) {
        return jdbc.sql(GROUPS_LISTENING)
                .param("source", source)
                .query(String.class)
                .list();
    }

    /** All groups whose current version calls the system. */
    List<Naming> documentsNaming(String key) {
        return jdbc.sql(DOCUMENTS_NAMING)
                .param("key", key)
                .query((row, i) -> new Naming(row.getString("group_key"), row.getString("document")))
                .list();
    }

    private static StoredVersion stored(ResultSet row, int number) throws SQLException {
        return StoredVersion.of(row, "system_key");
    }
}
