package io.syncline.scheduler.ops;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;

import io.syncline.scheduler.catalog.WithinReach;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.store.JdbcTimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads what the first page shows; every query is bounded and has an index that serves it, however many runs are kept. */
@Repository
class JdbcOverview {

    static final int MOST_COUNTED = 200;
    static final int MOST_GROUPS = 50;

    static final String FAILED_GROUPS = failedGroups("");

    private static final String FAILED_GROUPS_WITHIN_REACH =
            failedGroups(" where " + WithinReach.groups("g.group_key"));

    static final String UNRESOLVED = """
            select u.group_key, u.run_id, u.unresolved_since, u.resolution
            from (select r.group_key, r.run_id, r.unresolved_since, r.resolution from run r
                  where r.group_key = :group and r.unresolved_since is not null
                  order by r.unresolved_since desc, r.run_id desc
                  fetch first 201 rows only) u
            """;

    private static final String FAILED_TASKS = """
            select run_id, task_key, cause, message from task_run
            where run_id in (:runs) and state = 'FAILED'
            order by run_id, task_no
            """;

    static final String FLAGGED = flaggedTasks("");

    private static final String FLAGGED_WITHIN_REACH = flaggedTasks("\n  and " + WithinReach.groups("t.group_key"));

    static final String REJECTED = """
            select m.trigger_id, m.source, m.received_at, m.problem from trigger_message m
            where m.status = 'REJECTED' and m.received_at > :from
              and not exists (select 1 from trigger_message c
                               where c.resubmit_of = m.trigger_id and c.status <> 'REJECTED')
            order by m.received_at desc, m.trigger_id desc
            fetch first 201 rows only
            """;

    private static final String TASKS = """
            select run_id, state, progress from task_run
            where run_id in (:runs)
            order by run_id, task_no
            """;

    static final String LAST_SUCCESSES = """
            select s.group_key, s.started_at, s.ended_at
            from (select r.group_key, r.started_at, r.ended_at from run r
                  where r.group_key = :group and r.state = 'COMPLETED'
                  order by r.ended_at desc
                  fetch first 10 rows only) s
            """;

    private static final String PAUSES =
            "select group_key, paused_at, paused_by, reason from task_group_pause where group_key in (:groups)";

    static final String GROUPS = currentGroups("");

    private static final String GROUPS_WITHIN_REACH = currentGroups("\n  and " + WithinReach.groups("g.group_key"));

    static final String STRIPS = """
            select s.group_key, s.run_id, s.state, s.created_at
            from (select r.group_key, r.run_id, r.state, r.created_at from run r
                  where r.group_key = :group
                  order by r.created_at desc, r.run_id desc
                  fetch first 20 rows only) s
            """;

    private static final String LAST_SUCCESS_OF = """
            select g.group_key,
                   (select max(r.ended_at) from run r
                     where r.group_key = g.group_key and r.state = 'COMPLETED') as last_success
            from task_group g
            where g.group_key in (:groups)
            """;

    static final String LAST_FAILURE = lastFailed("");

    private static final String LAST_FAILURE_WITHIN_REACH = lastFailed("\n  and " + WithinReach.groups("r.group_key"));

    private static final String OUTBOX = """
            select count(*) from (select id from outbox_message where state = 'PENDING' fetch first 201 rows only) bounded
            """;

    record FailedGroup(String key, Instant firstSince) {}

    record Unresolved(String group, String runId, Instant since, boolean acknowledged) {}

    record FailedTask(
            String task, @Nullable String cause, @Nullable String message) {}

    record Flagged(
            String runId,
            String task,
            @Nullable Instant overdueSince,
            @Nullable Instant silentSince,
            @Nullable Instant lastSign,
            @Nullable Instant deadline) {}

    record Rejected(
            String triggerId,
            String source,
            Instant at,
            @Nullable String problem) {}

    record Task(String state, @Nullable String progress) {}

    record Group(String key, int version, @Nullable Instant lastSuccess) {}

    private final JdbcClient jdbc;

    JdbcOverview(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static String failedGroups(String andWithinReach) {
        return """
            select f.group_key, f.first_since
            from (select g.group_key,
                         (select min(r.unresolved_since) from run r
                           where r.group_key = g.group_key and r.unresolved_since is not null) as first_since
                  from task_group g%s) f
            where f.first_since is not null
            order by f.first_since desc
            fetch first 51 rows only
            """.formatted(andWithinReach);
    }

    private static String flaggedTasks(String andWithinReach) {
        return """
            select t.run_id, t.task_key, t.overdue_since, t.silent_since, t.accepted_at, t.reported_at, t.deadline_at
            from task_run t
            where case when t.ended_at is null and (t.overdue_since is not null or t.silent_since is not null)
                       then t.run_id end is not null%s
            order by case when t.ended_at is null and (t.overdue_since is not null or t.silent_since is not null)
                          then t.run_id end
            fetch first 201 rows only
            """.formatted(andWithinReach);
    }

    private static String currentGroups(String andWithinReach) {
        return """
            select g.group_key, g.latest_version,
                   (select max(r.ended_at) from run r
                     where r.group_key = g.group_key and r.state = 'COMPLETED') as last_success
            from task_group g
            where g.deleted_at is null%s
            order by g.group_key
            fetch first 51 rows only
            """.formatted(andWithinReach);
    }

    private static String lastFailed(String andWithinReach) {
        return """
            select coalesce(r.ended_at, r.created_at) as failed_at from run r
            where r.state = 'FAILED'%s
            order by r.created_at desc, r.run_id desc
            fetch first 1 rows only
            """.formatted(andWithinReach);
    }

    /** Groups with failures that nobody has settled, deleted ones as well; one more than a page shows. */
    List<FailedGroup> failedGroups(Labels labels) {
        return reaching(FAILED_GROUPS, FAILED_GROUPS_WITHIN_REACH, labels)
                .query((row, number) -> new FailedGroup(row.getString("group_key"), instant(row, "first_since")))
                .list();
    }

    /** The newest of each group, newest first; one more than {@link #MOST_COUNTED} when there are more. */
    Map<String, List<Unresolved>> unresolved(List<String> groups) {
        return ofEach(
                UNRESOLVED,
                groups,
                (row, number) -> new Unresolved(
                        row.getString("group_key"),
                        row.getString("run_id"),
                        instant(row, "unresolved_since"),
                        row.getString("resolution") != null),
                Unresolved::group);
    }

    /** The first failed task of each run. */
    Map<String, FailedTask> failedTasks(Collection<String> runs) {
        var tasks = new HashMap<String, FailedTask>();
        if (!runs.isEmpty()) {
            jdbc.sql(FAILED_TASKS).param("runs", List.copyOf(runs)).query(row -> {
                tasks.putIfAbsent(
                        row.getString("run_id"),
                        new FailedTask(row.getString("task_key"), row.getString("cause"), row.getString("message")));
            });
        }
        return tasks;
    }

    /** Open task runs that are late or silent, those of the oldest runs first. */
    List<Flagged> flagged(Labels labels) {
        return reaching(FLAGGED, FLAGGED_WITHIN_REACH, labels)
                .query((row, number) -> new Flagged(
                        row.getString("run_id"),
                        row.getString("task_key"),
                        instantOrNull(row, "overdue_since"),
                        instantOrNull(row, "silent_since"),
                        later(instantOrNull(row, "accepted_at"), instantOrNull(row, "reported_at")),
                        instantOrNull(row, "deadline_at")))
                .list();
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isAfter(other) ? one : other;
    }

    /** Messages that stay rejected; they belong to no group, and are there for those who reach all. */
    List<Rejected> rejected(Instant now, Labels labels) {
        return labels.all()
                ? jdbc.sql(REJECTED)
                        .param("from", JdbcTimes.toJdbc(now.minus(Duration.ofHours(24))))
                        .query((row, number) -> new Rejected(
                                row.getString("trigger_id"),
                                row.getString("source"),
                                instant(row, "received_at"),
                                row.getString("problem")))
                        .list()
                : List.of();
    }

    Map<String, List<Task>> tasks(Collection<String> runs) {
        var tasks = new HashMap<String, List<Task>>();
        if (!runs.isEmpty()) {
            jdbc.sql(TASKS).param("runs", List.copyOf(runs)).query(row -> {
                tasks.computeIfAbsent(row.getString("run_id"), id -> new ArrayList<>())
                        .add(new Task(row.getString("state"), row.getString("progress")));
            });
        }
        return tasks;
    }

    /** How long runs of a group take: the median of its last successes. */
    Map<String, Duration> medians(Collection<String> groups) {
        record Took(String group, Duration span) {}
        var spans = ofEach(
                LAST_SUCCESSES,
                List.copyOf(groups),
                (row, number) -> {
                    var started = instantOrNull(row, "started_at");
                    var ended = instantOrNull(row, "ended_at");
                    return new Took(
                            row.getString("group_key"),
                            started == null || ended == null ? Duration.ZERO : Duration.between(started, ended));
                },
                Took::group);
        var medians = new HashMap<String, Duration>();
        spans.forEach((group, took) -> {
            var sorted = took.stream().map(Took::span).sorted().toList();
            medians.put(group, sorted.get(sorted.size() / 2));
        });
        return medians;
    }

    Map<String, PauseView> pauses(Collection<String> groups) {
        var pauses = new HashMap<String, PauseView>();
        if (!groups.isEmpty()) {
            jdbc.sql(PAUSES).param("groups", List.copyOf(groups)).query(row -> {
                pauses.put(
                        row.getString("group_key"),
                        new PauseView(instant(row, "paused_at"), row.getString("paused_by"), row.getString("reason")));
            });
        }
        return pauses;
    }

    /** One more than a page shows. */
    List<Group> groups(Labels labels) {
        return reaching(GROUPS, GROUPS_WITHIN_REACH, labels)
                .query((row, number) -> new Group(
                        row.getString("group_key"), row.getInt("latest_version"), instantOrNull(row, "last_success")))
                .list();
    }

    /** When runs of these groups succeeded last. */
    Map<String, Instant> lastSuccesses(Collection<String> groups) {
        var successes = new HashMap<String, Instant>();
        if (!groups.isEmpty()) {
            jdbc.sql(LAST_SUCCESS_OF).param("groups", List.copyOf(groups)).query(row -> {
                var at = instantOrNull(row, "last_success");
                if (at != null) {
                    successes.put(row.getString("group_key"), at);
                }
            });
        }
        return successes;
    }

    /** The newest runs of each group, oldest first; of at most {@link #MOST_GROUPS}. */
    Map<String, List<OverviewView.RunState>> strips(List<String> groups) {
        record Placed(String group, Instant createdAt, OverviewView.RunState run) {}
        var newest = ofEach(
                STRIPS,
                groups,
                (row, number) -> new Placed(
                        row.getString("group_key"),
                        instant(row, "created_at"),
                        new OverviewView.RunState(row.getString("run_id"), row.getString("state"))),
                Placed::group);
        var strips = new HashMap<String, List<OverviewView.RunState>>();
        newest.forEach((group, runs) -> strips.put(
                group,
                runs.stream()
                        .sorted((one, other) -> one.createdAt().compareTo(other.createdAt()))
                        .map(Placed::run)
                        .toList()));
        return strips;
    }

    Optional<Instant> lastFailure(Labels labels) {
        return reaching(LAST_FAILURE, LAST_FAILURE_WITHIN_REACH, labels)
                .query((row, number) -> instant(row, "failed_at"))
                .optional();
    }

    /** Messages on their way out, counted to one more than {@link #MOST_COUNTED}. */
    int outbox() {
        return jdbc.sql(OUTBOX).query(Integer.class).single();
    }

    private JdbcClient.StatementSpec reaching(String ofAll, String withinReach, Labels labels) {
        return labels.all()
                ? jdbc.sql(ofAll)
                : jdbc.sql(withinReach).param(WithinReach.PARAMETER, WithinReach.parameter(labels));
    }

    /** One statement that asks the same of each group, so that each is served by the index and bounded by itself. */
    private <T> Map<String, List<T>> ofEach(
            String query, List<String> groups, RowMapper<T> mapper, Function<T, String> group) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        var statement = new StringBuilder();
        var parameters = new HashMap<String, Object>();
        for (int i = 0; i < Math.min(groups.size(), MOST_GROUPS); i++) {
            statement.append(i == 0 ? "" : "union all\n").append(query.replace(":group", ":group" + i));
            parameters.put("group" + i, groups.get(i));
        }
        return jdbc.sql(statement.toString()).params(parameters).query(mapper).list().stream()
                .collect(Collectors.groupingBy(group, LinkedHashMap::new, Collectors.toList()));
    }
}
