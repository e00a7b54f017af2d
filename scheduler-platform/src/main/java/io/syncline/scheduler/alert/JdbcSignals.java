package io.syncline.scheduler.alert;

import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.AlertSignals;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.JdbcTimes;
import io.syncline.scheduler.store.RowBatch;
import io.syncline.scheduler.store.SqlDialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.stereotype.Repository;

/**
 * Signals on their way to incidents. Raising appends and reads nothing: no signal waits for another, and what stands already
 * is found out later by the one node that makes incidents.
 */
@Repository
class JdbcSignals implements AlertSignals {

    private static final int LONGEST_SUBJECT = 400;
    private static final int LONGEST_CAUSE = 400;
    private static final int LONGEST_DETAIL = 2000;
    private static final int MOST_IN_A_LIST = 500;

    private static final String STANDING = """
            select distinct s.subject from (
                select m.subject from incident_member m
                where m.condition_name = :condition and m.subject in (:subjects) and m.cured_at is null
                union all
                select w.subject from alert_signal w
                where w.condition_name = :condition and w.subject in (:subjects)) s
            """;

    private static final String WAITING = """
            select signal_id, kind, condition_name, subject, group_key, system_key, run_id, task_run_id, cause, detail,
                since_at
            from alert_signal
            order by place
            fetch first :count rows only
            """;

    private static final String TAKEN = "delete from alert_signal where signal_id in (:ids)";

    private static final RowBatch<Signal> ROWS = RowBatch.<Signal>of("alert_signal")
            .key("signal_id", TEXT, Signal::id)
            .column("kind", TEXT, Signal::kind)
            .column("condition_name", TEXT, Signal::condition)
            .column("subject", TEXT, signal -> cut(signal.subject(), LONGEST_SUBJECT))
            .column("group_key", TEXT, Signal::group)
            .column("system_key", TEXT, Signal::system)
            .column("run_id", TEXT, Signal::runId)
            .column("task_run_id", TEXT, Signal::taskRunId)
            .column("cause", TEXT, signal -> cut(signal.cause(), LONGEST_CAUSE))
            .column("detail", TEXT, signal -> cut(signal.detail(), LONGEST_DETAIL))
            .column("since_at", TIMESTAMPTZ, Signal::since);

    private final NamedParameterJdbcOperations jdbc;
    private final SqlDialect dialect;

    JdbcSignals(NamedParameterJdbcOperations jdbc, SqlDialect dialect) {
        this.jdbc = jdbc;
        this.dialect = dialect;
    }

    @Override
    public void raise(Collection<AlertSignal> signals) {
        ROWS.insert(
                jdbc,
                dialect,
                signals.stream()
                        .map(signal -> new Signal(
                                Ids.next(),
                                Signal.Kind.RAISE,
                                signal.condition(),
                                signal.subject(),
                                signal.group(),
                                signal.system(),
                                signal.runId(),
                                signal.taskRunId(),
                                signal.cause(),
                                signal.detail(),
                                signal.since()))
                        .toList());
    }

    @Override
    public void cure(AlertCondition condition, Collection<String> subjects) {
        var distinct = List.copyOf(new LinkedHashSet<>(subjects));
        for (int from = 0; from < distinct.size(); from += MOST_IN_A_LIST) {
            var part = distinct.subList(from, Math.min(distinct.size(), from + MOST_IN_A_LIST));
            var standing =
                    jdbc.queryForList(STANDING, Map.of("condition", condition.name(), "subjects", part), String.class);
            ROWS.insert(
                    jdbc,
                    dialect,
                    standing.stream()
                            .map(subject -> new Signal(
                                    Ids.next(),
                                    Signal.Kind.CURE,
                                    condition,
                                    subject,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null))
                            .toList());
        }
    }

    /** The next signals, in the order in which they were written. */
    List<Signal> waiting(int count) {
        return jdbc.query(WAITING, Map.of("count", count), JdbcSignals::signal);
    }

    void taken(List<Signal> signals) {
        Set<String> ids = new LinkedHashSet<>();
        signals.forEach(signal -> ids.add(signal.id()));
        if (!ids.isEmpty()) {
            jdbc.update(TAKEN, Map.of("ids", new ArrayList<>(ids)));
        }
    }

    private static Signal signal(ResultSet row, int number) throws SQLException {
        return new Signal(
                row.getString("signal_id"),
                Signal.Kind.valueOf(row.getString("kind")),
                AlertCondition.valueOf(row.getString("condition_name")),
                row.getString("subject"),
                row.getString("group_key"),
                row.getString("system_key"),
                row.getString("run_id"),
                row.getString("task_run_id"),
                row.getString("cause"),
                row.getString("detail"),
                JdbcTimes.instantOrNull(row, "since_at"));
    }

    private static @Nullable String cut(@Nullable String text, int longest) {
        return text == null || text.length() <= longest ? text : text.substring(0, longest);
    }
}
