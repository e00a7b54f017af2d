package io.syncline.scheduler.live;

import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows by which changes are known, each read by an index on time. */
@Repository
class JdbcChanges {

    static final String RUN = "run";
    static final String TRIGGER = "trigger";
    static final String ALERT = "alert";
    static final String GROUP = "group";
    static final String SYSTEM = "system";
    static final String CLUSTER = "cluster";

    /**
     * Keys of the journal and of incidents are made by the nodes' clocks and sort by them: with this to spare they serve as
     * the index on time, and the hot table needs no other.
     */
    static final Duration CLOCKS_APART = Duration.ofSeconds(20);

    private static final int IN_LIST = 500;

    static final String MOVES = """
            select journal_id as row_key, run_id as subject, moved_at as at_time from journal
            where journal_id >= :bound and moved_at > :from
            order by journal_id
            fetch first :most rows only
            """;

    static final String INCIDENT_EVENTS = """
            select event_id as row_key, incident_id as subject, happened_at as at_time from incident_event
            where event_id >= :bound and happened_at > :from
            order by event_id
            fetch first :most rows only
            """;

    static final String MESSAGES = """
            select trigger_id as row_key, trigger_id as subject, received_at as at_time from trigger_message
            where received_at > :from
            order by received_at, trigger_id
            fetch first :most rows only
            """;

    static final String ACTIONS = """
            select audit_id as row_key, object_kind, object_key as subject, recorded_at as at_time from audit_entry
            where recorded_at > :from
            order by recorded_at, audit_id
            fetch first :most rows only
            """;

    private static final String GROUPS_OF_RUNS =
            "select run_id as id, group_key as part from run where run_id in (:ids)";

    private static final String GROUPS_OF_TRIGGERS =
            "select trigger_id as id, group_key as part from run where trigger_id in (:ids)";

    private static final String LABELS_OF_INCIDENTS = """
            select distinct m.incident_id as id, l.label as part
            from incident_member m
            join task_group_label l on l.group_key = m.group_key
            where m.incident_id in (:ids)
            """;

    private static final String LABELS_OF_GROUPS =
            "select group_key as id, label as part from task_group_label where group_key in (:ids)";

    private static final String LABELS_OF_SYSTEMS =
            "select system_key as id, label as part from sync_system_label where system_key in (:ids)";

    /** What the audit calls the things that pages show. */
    private static final Map<String, String> AUDITED = Map.of(
            "run", RUN,
            "trigger", TRIGGER,
            "alert", ALERT,
            "group", GROUP,
            "taskgroup", GROUP,
            "system", SYSTEM,
            "scheduling", CLUSTER);

    private static final List<Source> SOURCES = List.of(
            new Source(MOVES, true, RUN),
            new Source(INCIDENT_EVENTS, true, ALERT),
            new Source(MESSAGES, false, TRIGGER),
            new Source(ACTIONS, false, null));

    /** Ids and keys of ours. The audit also names things by what somebody sent. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,80}");

    /**
     * @param byKey whether the primary key bounds what is read
     * @param kind of what its rows are about; null: the row says
     */
    private record Source(
            String statement, boolean byKey, @Nullable String kind) {}

    private final JdbcClient jdbc;

    JdbcChanges(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param key of the row, by which one that is read twice is known */
    record Row(String key, String kind, String id, Instant at) {}

    /**
     * @param rows in no particular order
     * @param tooMany whether there are more than were asked for
     */
    record Rows(List<Row> rows, boolean tooMany) {}

    /** What was written after a time, as far as it is committed. */
    Rows after(Instant from, int most) {
        var rows = new ArrayList<Row>();
        for (var source : SOURCES) {
            if (rows.size() <= most) {
                read(source, from, most - rows.size() + 1, rows);
            }
        }
        return new Rows(rows, rows.size() > most);
    }

    private void read(Source source, Instant from, int most, List<Row> rows) {
        var query = jdbc.sql(source.statement())
                .param("from", JdbcTimes.toJdbc(from))
                .param("most", most);
        if (source.byKey()) {
            query = query.param("bound", Ids.first(from.minus(CLOCKS_APART)));
        }
        query.query(row -> {
            var kind = source.kind() == null ? AUDITED.get(row.getString("object_kind")) : source.kind();
            var id = row.getString("subject");
            if (kind != null && PLAIN.matcher(id).matches()) {
                rows.add(new Row(row.getString("row_key"), kind, id, JdbcTimes.instant(row, "at_time")));
            }
        });
    }

    /** One change for each thing, with those who may know of it. */
    List<Change> changes(Collection<Row> rows) {
        var latest = new LinkedHashMap<String, Row>();
        rows.forEach(row -> latest.merge(
                row.kind() + " " + row.id(), row, (one, other) -> other.at().isAfter(one.at()) ? other : one));
        var groups = new HashMap<String, Set<String>>();
        groups.putAll(parts(GROUPS_OF_RUNS, ids(latest.values(), RUN)));
        groups.putAll(parts(GROUPS_OF_TRIGGERS, ids(latest.values(), TRIGGER)));
        var allGroups = new HashSet<>(ids(latest.values(), GROUP));
        groups.values().forEach(allGroups::addAll);
        var labelsOfGroups = parts(LABELS_OF_GROUPS, allGroups);
        var labelsOfIncidents = parts(LABELS_OF_INCIDENTS, ids(latest.values(), ALERT));
        var labelsOfSystems = parts(LABELS_OF_SYSTEMS, ids(latest.values(), SYSTEM));
        return latest.values().stream()
                .map(row -> switch (row.kind()) {
                    case ALERT -> change(row, labelsOfIncidents.getOrDefault(row.id(), Set.of()));
                    case GROUP -> change(row, labelsOfGroups.getOrDefault(row.id(), Set.of()));
                    case CLUSTER -> Change.forEveryone(CLUSTER, row.id(), row.at());
                    // One without labels is shared.
                    case SYSTEM -> {
                        var labels = labelsOfSystems.getOrDefault(row.id(), Set.of());
                        yield new Change(SYSTEM, row.id(), row.at(), labels.isEmpty(), labels);
                    }
                    default -> {
                        var labels = new HashSet<String>();
                        groups.getOrDefault(row.id(), Set.of())
                                .forEach(group -> labels.addAll(labelsOfGroups.getOrDefault(group, Set.of())));
                        yield change(row, labels);
                    }
                })
                .toList();
    }

    private static Change change(Row row, Set<String> labels) {
        return new Change(row.kind(), row.id(), row.at(), false, labels);
    }

    private static Set<String> ids(Collection<Row> rows, String kind) {
        var ids = new HashSet<String>();
        rows.stream().filter(row -> row.kind().equals(kind)).forEach(row -> ids.add(row.id()));
        return ids;
    }

    private Map<String, Set<String>> parts(String query, Collection<String> ids) {
        var parts = new HashMap<String, Set<String>>();
        var all = List.copyOf(ids);
        for (int begin = 0; begin < all.size(); begin += IN_LIST) {
            jdbc.sql(query)
                    .param("ids", all.subList(begin, Math.min(all.size(), begin + IN_LIST)))
                    .query(row -> {
                        parts.computeIfAbsent(row.getString("id"), id -> new HashSet<>())
                                .add(row.getString("part"));
                    });
        }
        return parts;
    }
}
