package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Task groups in the database. Versions never change, so each is parsed once per process. */
@Repository
class JdbcTaskGroups implements TaskGroups {

    private static final String CURRENT_VERSION = """
            select latest_version from task_group
            where group_key = :key and deleted_at is null
            """;

    private static final String MATCHING = """
            select distinct g.group_key, g.latest_version
            from task_group_rule r join task_group g on g.group_key = r.group_key
            where r.source = :source and r.event_type = :type
            order by g.group_key
            """;

    private static final String CURRENT_VERSIONS = """
            select group_key, latest_version from task_group
            where deleted_at is null
            order by group_key
            """;

    private static final String VERSION = """
            select group_key, version_number, document, created_at, created_by, reason from task_group_version
            where group_key = :key and version_number = :version
            """;

    private static final String VERSIONS_BELOW = """
            select group_key, version_number, document, created_at, created_by, reason from task_group_version
            where group_key = :key and version_number < :below
            order by version_number desc
            fetch first :count rows only
            """;

    private static final String AFTER = """
            select v.group_key, v.version_number, v.document, v.created_at, v.created_by, v.reason
            from task_group g
            join task_group_version v on v.group_key = g.group_key and v.version_number = g.latest_version
            where g.deleted_at is null and g.group_key > :after
            """;

    private static final String IN_ORDER = """

            order by g.group_key
            fetch first :count rows only
            """;

    private static final String PAGE = AFTER + IN_ORDER;

    private static final String PAGE_WITHIN_REACH = AFTER + "and " + WithinReach.groups("g.group_key") + IN_ORDER;

    private static final String KEYS_WITHIN_REACH =
            "select g.group_key from task_group g where g.group_key in (:keys) and "
                    + WithinReach.groups("g.group_key");

    private static final String DELETE_LABELS = "delete from task_group_label where group_key = :key";

    private static final String INSERT_LABEL = "insert into task_group_label (group_key, label) values (:key, :label)";

    private static final String LABELLED = "update task_group set labelled_version = :version where group_key = :key";

    private static final String NOT_LABELLED = """
            select g.group_key from task_group g
            where g.labelled_version is null or g.labelled_version <> g.latest_version
            order by g.group_key
            """;

    private static final String LOCK = """
            select latest_version as version_number, deleted_at from task_group
            where group_key = :key
            for update
            """;

    private static final String INSERT = """
            insert into task_group (group_key, latest_version, created_at)
            values (:key, 1, :now)
            """;

    private static final String ADVANCE = """
            update task_group set latest_version = :version, deleted_at = null
            where group_key = :key
            """;

    private static final String INSERT_VERSION = """
            insert into task_group_version (group_key, version_number, document, created_at, created_by, reason)
            values (:key, :version, :document, :now, :by, :reason)
            """;

    private static final String INSERT_RULE = """
            insert into task_group_rule (group_key, rule_place, source, event_type)
            values (:key, :place, :source, :type)
            """;

    private static final String INSERT_SYSTEM = """
            insert into task_group_system (group_key, system_key)
            values (:key, :system)
            """;

    private static final String DELETE_RULES = "delete from task_group_rule where group_key = :key";

    private static final String DELETE_SYSTEMS = "delete from task_group_system where group_key = :key";

    private static final String DELETE_CALENDAR = "delete from task_group_calendar where group_key = :key";

    private static final String INSERT_CALENDAR = """
            insert into task_group_calendar (group_key, calendar_key)
            values (:key, :calendar)
            """;

    private static final String DELETE_PAUSE = "delete from task_group_pause where group_key = :key";

    private static final String MARK_DELETED = """
            update task_group set deleted_at = :now
            where group_key = :key
            """;

    private static final String PAUSE = """
            select group_key, paused_at, paused_by, reason from task_group_pause
            where group_key = :key
            """;

    private static final String PAUSES = """
            select group_key, paused_at, paused_by, reason from task_group_pause
            where group_key in (:keys)
            """;

    private static final String STANDING_PAUSES =
            "select p.group_key, p.paused_at, p.paused_by, p.reason from task_group_pause p\n";

    private static final String LONGEST_PAUSED = "order by p.paused_at, p.group_key\nfetch first :count rows only";

    private static final String INSERT_PAUSE = """
            insert into task_group_pause (group_key, paused_at, paused_by, reason)
            values (:key, :now, :by, :reason)
            """;

    /** The newest state of a key, whether or not the group exists now. */
    private record Id(String key, int version) {}

    private static final int MOST_PARSED = 5_000;

    private final JdbcClient jdbc;
    private final JdbcChannels channels;
    private final Map<Id, TaskGroup> parsed = new ConcurrentHashMap<>();

    private final String holdPause;

    JdbcTaskGroups(JdbcClient jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.channels = new JdbcChannels(jdbc);
        // Triggers of a paused group must not wait for each other; only PostgreSQL has a lock that many can hold.
        this.holdPause = PAUSE + (dialect == SqlDialect.POSTGRESQL ? " for share" : " for update");
    }

    @Override
    public Optional<TaskGroup> current(String key) {
        return currentVersion(key).map(version -> version(key, version));
    }

    @Override
    public TaskGroup version(String key, int version) {
        TaskGroup known = parsed.get(new Id(key, version));
        if (known != null) {
            return known;
        }
        StoredVersion stored = storedVersion(key, version)
                .orElseThrow(() -> new IllegalStateException("no version " + version + " of task group " + key));
        return parse(stored);
    }

    @Override
    public List<TaskGroup> matching(String source, String type) {
        return jdbc.sql(MATCHING).param("source", source).param("type", type).query(JdbcTaskGroups::id).list().stream()
                .map(id -> version(id.key(), id.version()))
                .toList();
    }

    @Override
    public List<TaskGroup> all() {
        return jdbc.sql(CURRENT_VERSIONS).query(JdbcTaskGroups::id).list().stream()
                .map(id -> version(id.key(), id.version()))
                .toList();
    }

    @Override
    public Optional<Instant> pausedSince(String key) {
        return pause(key).map(Pause::since);
    }

    @Override
    public Optional<Instant> pausedSinceAndHold(String key) {
        return jdbc.sql(holdPause)
                .param("key", key)
                .query(JdbcTaskGroups::pause)
                .optional()
                .map(Pause::since);
    }

    Optional<Integer> currentVersion(String key) {
        return jdbc.sql(CURRENT_VERSION).param("key", key).query(Integer.class).optional();
    }

    Optional<StoredVersion> storedVersion(String key, int version) {
        return jdbc.sql(VERSION)
                .param("key", key)
                .param("version", version)
                .query(JdbcTaskGroups::storedVersion)
                .optional();
    }

    /** Newest first. */
    List<StoredVersion> versionsBelow(String key, int below, int count) {
        return jdbc.sql(VERSIONS_BELOW)
                .param("key", key)
                .param("below", below)
                .param("count", count)
                .query(JdbcTaskGroups::storedVersion)
                .list();
    }

    /** The current versions of the groups after a key, by key. */
    List<StoredVersion> after(String key, int count, Labels labels) {
        var page = labels.all()
                ? jdbc.sql(PAGE)
                : jdbc.sql(PAGE_WITHIN_REACH).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        return page.param("after", key)
                .param("count", count)
                .query(JdbcTaskGroups::storedVersion)
                .list();
    }

    @Override
    public Set<String> withinReach(Labels labels, Collection<String> keys) {
        if (labels.all() || keys.isEmpty()) {
            return Set.copyOf(keys);
        }
        return Set.copyOf(jdbc.sql(KEYS_WITHIN_REACH)
                .param("keys", keys)
                .param(WithinReach.PARAMETER, WithinReach.parameter(labels))
                .query(String.class)
                .list());
    }

    /** Groups whose labels are not those of their newest version, because an older release has stored it. */
    List<String> notLabelled() {
        return jdbc.sql(NOT_LABELLED).query(String.class).list();
    }

    /** Keeps the labels of the newest version of a locked key. */
    void label(TaskGroup group) {
        jdbc.sql(DELETE_LABELS).param("key", group.key()).update();
        for (String label : group.labels()) {
            jdbc.sql(INSERT_LABEL)
                    .param("key", group.key())
                    .param("label", label)
                    .update();
        }
        jdbc.sql(LABELLED)
                .param("key", group.key())
                .param("version", group.version())
                .update();
    }

    /** Keeps the key from being changed by others until the end of the transaction. */
    Optional<LatestVersion> lock(String key) {
        return jdbc.sql(LOCK).param("key", key).query(LatestVersion::of).optional();
    }

    /** Stores the next version of a locked key, or the first of a new one. */
    void store(TaskGroup group, String document, String by, @Nullable String reason, Instant now) {
        if (group.version() == 1) {
            jdbc.sql(INSERT)
                    .param("key", group.key())
                    .param("now", JdbcTimes.toJdbc(now))
                    .update();
        } else {
            jdbc.sql(ADVANCE)
                    .param("key", group.key())
                    .param("version", group.version())
                    .update();
        }
        jdbc.sql(INSERT_VERSION)
                .param("key", group.key())
                .param("version", group.version())
                .param("document", document)
                .param("now", JdbcTimes.toJdbc(now))
                .param("by", by)
                .param("reason", reason, Types.VARCHAR)
                .update();
        forgetWhatItNames(group.key());
        for (int place = 0; place < group.triggers().size(); place++) {
            TriggerRule rule = group.triggers().get(place);
            jdbc.sql(INSERT_RULE)
                    .param("key", group.key())
                    .param("place", place)
                    .param("source", rule.source())
                    .param("type", rule.type())
                    .update();
        }
        for (String system : systemsOf(group)) {
            jdbc.sql(INSERT_SYSTEM)
                    .param("key", group.key())
                    .param("system", system)
                    .update();
        }
        channels.named(group.key(), channelsOf(group));
        Schedule schedule = group.schedule();
        if (schedule != null && schedule.calendar() != null) {
            jdbc.sql(INSERT_CALENDAR)
                    .param("key", group.key())
                    .param("calendar", schedule.calendar())
                    .update();
        }
        label(group);
    }

    /** Keeps a channel from being deleted until the end of the transaction, and gives its labels; empty: there is none. */
    Optional<List<String>> lockChannel(String key) {
        return channels.lock(key).filter(row -> !row.deleted()).map(ChannelCatalog::labels);
    }

    private static Set<String> channelsOf(TaskGroup group) {
        Set<String> named = new TreeSet<>();
        for (AlertRule rule : group.alerts()) {
            named.addAll(rule.channels());
            if (rule.escalate() != null) {
                named.addAll(rule.escalate().channels());
            }
        }
        return named;
    }

    void delete(String key, Instant now) {
        forgetWhatItNames(key);
        removePause(key);
        jdbc.sql(MARK_DELETED)
                .param("key", key)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
    }

    Optional<Pause> pause(String key) {
        return jdbc.sql(PAUSE).param("key", key).query(JdbcTaskGroups::pause).optional();
    }

    Optional<Pause> lockPause(String key) {
        return jdbc.sql(PAUSE + " for update")
                .param("key", key)
                .query(JdbcTaskGroups::pause)
                .optional();
    }

    /** The pauses of at most one page of groups, by group. */
    Map<String, Pause> pauses(List<String> keys) {
        Map<String, Pause> pauses = new LinkedHashMap<>();
        if (!keys.isEmpty()) {
            jdbc.sql(PAUSES)
                    .param("keys", keys)
                    .query((row, i) -> Map.entry(row.getString("group_key"), pause(row, i)))
                    .list()
                    .forEach(entry -> pauses.put(entry.getKey(), entry.getValue()));
        }
        return pauses;
    }

    /** By group, within reach, those that stand longest first. */
    Map<String, Pause> standingPauses(int count, Labels labels) {
        var query = labels.all()
                ? jdbc.sql(STANDING_PAUSES + LONGEST_PAUSED)
                : jdbc.sql(STANDING_PAUSES + "where " + WithinReach.groups("p.group_key") + "\n" + LONGEST_PAUSED)
                        .param(WithinReach.PARAMETER, WithinReach.parameter(labels));
        Map<String, Pause> pauses = new LinkedHashMap<>();
        query.param("count", count)
                .query((row, i) -> Map.entry(row.getString("group_key"), pause(row, i)))
                .list()
                .forEach(entry -> pauses.put(entry.getKey(), entry.getValue()));
        return pauses;
    }

    void insertPause(String key, Pause pause) {
        jdbc.sql(INSERT_PAUSE)
                .param("key", key)
                .param("now", JdbcTimes.toJdbc(pause.since()))
                .param("by", pause.by())
                .param("reason", pause.reason())
                .update();
    }

    void removePause(String key) {
        jdbc.sql(DELETE_PAUSE).param("key", key).update();
    }

    /** The systems that a group's tasks and rules call, in the order in which they are locked. */
    static Set<String> systemsOf(TaskGroup group) {
        var systems = new TreeSet<String>();
        group.tasks().forEach(task -> systems.add(task.system()));
        group.triggers().forEach(rule -> {
            if (rule.verify() != null) {
                systems.add(rule.verify().system());
            }
        });
        return systems;
    }

    TaskGroup parse(StoredVersion stored) {
        if (parsed.size() >= MOST_PARSED) {
            parsed.clear();
        }
        return parsed.computeIfAbsent(
                new Id(stored.key(), stored.version()),
                id -> TaskGroupDocument.read(
                        Documents.json(stored.document()), id.key(), id.version(), Surroundings.STORED));
    }

    private void forgetWhatItNames(String key) {
        jdbc.sql(DELETE_RULES).param("key", key).update();
        jdbc.sql(DELETE_SYSTEMS).param("key", key).update();
        channels.named(key, Set.of());
        jdbc.sql(DELETE_CALENDAR).param("key", key).update();
    }

    private static Id id(ResultSet row, int number) throws SQLException {
        return new Id(row.getString("group_key"), row.getInt("latest_version"));
    }

    private static StoredVersion storedVersion(ResultSet row, int number) throws SQLException {
        return new StoredVersion(
                row.getString("group_key"),
                row.getInt("version_number"),
                row.getString("document"),
                JdbcTimes.instant(row, "created_at"),
                row.getString("created_by"),
                row.getString("reason"));
    }

    private static Pause pause(ResultSet row, int number) throws SQLException {
        return new Pause(JdbcTimes.instant(row, "paused_at"), row.getString("paused_by"), row.getString("reason"));
    }
}
