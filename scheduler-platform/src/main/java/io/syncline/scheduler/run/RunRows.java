package io.syncline.scheduler.run;

import static io.syncline.scheduler.store.JdbcTimes.instant;
import static io.syncline.scheduler.store.JdbcTimes.instantOrNull;
import static io.syncline.scheduler.store.RowBatch.ColumnType.BIGINT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.INTEGER;
import static io.syncline.scheduler.store.RowBatch.ColumnType.SMALLINT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TEXT;
import static io.syncline.scheduler.store.RowBatch.ColumnType.TIMESTAMPTZ;

import io.syncline.contracts.FileReport;
import io.syncline.contracts.Reconciliation;
import io.syncline.contracts.StatusReport;
import io.syncline.scheduler.catalog.TaskGroups;
import io.syncline.scheduler.run.RunStore.Claim;
import io.syncline.scheduler.run.RunStore.RunHead;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.RowBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How runs, task runs and the journal stand in their tables: columns both ways. */
final class RunRows {

    record JournalRow(Move move, String node, Instant at) {}

    static final RowBatch<Run> RUN_INSERT = runState(RowBatch.<Run>of("run")
            .key("run_id", TEXT, run -> run.runId)
            .column("version", INTEGER, run -> run.version)
            .column("group_key", TEXT, run -> run.group.key())
            .column("group_version", INTEGER, run -> run.group.version())
            .column("business_key", TEXT, run -> run.businessKey)
            .column("ordering_key", TEXT, run -> run.orderingKey)
            .column("keyed", SMALLINT, run -> run.keyed)
            .column("gated", SMALLINT, Run::isGated)
            .column("trigger_id", TEXT, run -> run.triggerId)
            .column("trigger_body", TEXT, run -> run.triggerBody)
            .column("traceparent", TEXT, run -> run.traceparent)
            .column("inbox_place", BIGINT, run -> run.inboxPlace)
            .column("rerun_of", TEXT, run -> run.rerunOf)
            .column("created_at", TIMESTAMPTZ, run -> run.createdAt));

    static final RowBatch<Run> RUN_UPDATE = runState(RowBatch.<Run>of("run")
            .key("run_id", TEXT, run -> run.runId)
            .guard("version", INTEGER, run -> run.version));

    static final RowBatch<TaskRun> TASK_RUN_INSERT = taskRunState(RowBatch.<TaskRun>of("task_run")
            .key("task_run_id", TEXT, task -> task.taskRunId)
            .column("version", INTEGER, task -> task.version)
            .column("run_id", TEXT, task -> task.runId)
            .column("group_key", TEXT, task -> task.group)
            .column("group_version", INTEGER, task -> task.groupVersion)
            .column("ordering_key", TEXT, task -> task.orderingKey)
            .column("task_key", TEXT, task -> task.task.key())
            .column("task_no", INTEGER, task -> task.taskNo)
            .column("system_key", TEXT, task -> task.task.system())
            .column("created_at", TIMESTAMPTZ, task -> task.createdAt));

    static final RowBatch<TaskRun> TASK_RUN_UPDATE = taskRunState(RowBatch.<TaskRun>of("task_run")
            .key("task_run_id", TEXT, task -> task.taskRunId)
            .guard("version", INTEGER, task -> task.version));

    static final RowBatch<JournalRow> JOURNAL_INSERT = RowBatch.<JournalRow>of("journal")
            .key("journal_id", TEXT, row -> Ids.next())
            .column("run_id", TEXT, row -> row.move().runId())
            .column("task_run_id", TEXT, row -> row.move().taskRunId())
            .column("from_state", TEXT, row -> row.move().from())
            .column("to_state", TEXT, row -> row.move().to())
            .column("attempt", INTEGER, row -> row.move().attempt())
            .column("fence", BIGINT, row -> row.move().fence())
            .column("cause", TEXT, row -> row.move().cause())
            .column("detail", TEXT, row -> row.move().detail())
            .column("actor", TEXT, row -> row.move().actor())
            .column("node_id", TEXT, JournalRow::node)
            .column("moved_at", TIMESTAMPTZ, JournalRow::at);

    static final RowBatch<Slot> SLOT_UPDATE = RowBatch.<Slot>of("run_slot")
            .key("group_key", TEXT, slot -> slot.key.group())
            .key("ordering_key", TEXT, slot -> slot.key.orderingKey())
            .column("active_run_id", TEXT, slot -> slot.activeRunId)
            .column("last_place", BIGINT, slot -> slot.lastPlace);

    private final TaskGroups groups;

    RunRows(TaskGroups groups) {
        this.groups = groups;
    }

    private static RowBatch<Run> runState(RowBatch<Run> batch) {
        return batch.column("state", TEXT, run -> run.state)
                .column("queue_place", BIGINT, run -> run.state == RunState.QUEUED ? run.inboxPlace : null)
                .column("held_since", TIMESTAMPTZ, run -> run.heldSince)
                .column("merged_into", TEXT, run -> run.mergedInto)
                .column("start_by_at", TIMESTAMPTZ, run -> run.startByAt)
                .column("late_since", TIMESTAMPTZ, run -> run.lateSince)
                .column("started_at", TIMESTAMPTZ, run -> run.startedAt)
                .column("ended_at", TIMESTAMPTZ, run -> run.endedAt)
                .column("unresolved_since", TIMESTAMPTZ, run -> run.unresolvedSince)
                .column("resolution", TEXT, run -> run.resolution == null ? null : run.resolution.status())
                .column("resolved_by", TEXT, run -> run.resolution == null ? null : run.resolution.by())
                .column("resolved_at", TIMESTAMPTZ, run -> run.resolution == null ? null : run.resolution.at())
                .column("resolution_until", TIMESTAMPTZ, run -> run.resolution == null ? null : run.resolution.until())
                .column("resolution_reason", TEXT, run -> run.resolution == null ? null : run.resolution.reason());
    }

    private static RowBatch<TaskRun> taskRunState(RowBatch<TaskRun> batch) {
        return batch.column("state", TEXT, task -> task.state)
                .column("attempt", INTEGER, task -> task.attempt)
                .column("round", INTEGER, task -> task.round)
                .column("fence", BIGINT, task -> task.fence)
                .column("cause", TEXT, task -> task.cause)
                .column("message", TEXT, task -> task.message)
                .column("due_at", TIMESTAMPTZ, task -> task.dueAt)
                .column("lease_until", TIMESTAMPTZ, task -> task.leaseUntil)
                .column("lease_node", TEXT, task -> task.leaseNode)
                .column("first_due_at", TIMESTAMPTZ, task -> task.firstDueAt)
                .column("deadline_at", TIMESTAMPTZ, task -> task.deadlineAt)
                .column("overdue_at", TIMESTAMPTZ, task -> task.overdueAt)
                .column("timeout_at", TIMESTAMPTZ, task -> task.timeoutAt)
                .column("silent_at", TIMESTAMPTZ, task -> task.silentAt)
                .column("silent_since", TIMESTAMPTZ, task -> task.silentSince)
                .column("answer_at", TIMESTAMPTZ, task -> task.answerAt)
                .column("no_answer_since", TIMESTAMPTZ, task -> task.noAnswerSince)
                .column("overdue_since", TIMESTAMPTZ, task -> task.overdueSince)
                .column("conflict_since", TIMESTAMPTZ, task -> task.conflictSince)
                .column("attempt_round", INTEGER, task -> task.attemptRound)
                .column("failed_calls", INTEGER, task -> task.failedCalls)
                .column("unreadable_calls", INTEGER, task -> task.unreadableCalls)
                .column("unauthorized_calls", INTEGER, task -> task.unauthorizedCalls)
                .column("failed_reports", INTEGER, task -> task.failedReports)
                .column("last_sequence", BIGINT, task -> task.lastSequence)
                .column("accepted_at", TIMESTAMPTZ, task -> task.acceptedAt)
                .column("reported_at", TIMESTAMPTZ, task -> task.reportedAt)
                .column("progress", TEXT, task -> ReportJson.write(task.progress))
                .column("files", TEXT, task -> ReportJson.write(task.files))
                .column("reconciliation", TEXT, task -> ReportJson.write(task.reconciliation))
                .column("result", TEXT, task -> ReportJson.write(task.result))
                .column("manual", SMALLINT, task -> task.manual)
                .column("cancel_state", TEXT, task -> task.cancelState)
                .column("cancel_due_at", TIMESTAMPTZ, task -> task.cancelDueAt)
                .column("cancel_until", TIMESTAMPTZ, task -> task.cancelUntil)
                .column("cancel_reason", TEXT, task -> task.cancelReason)
                .column("started_at", TIMESTAMPTZ, task -> task.startedAt)
                .column("ended_at", TIMESTAMPTZ, task -> task.endedAt);
    }

    Run run(ResultSet row, int number) throws SQLException {
        var run = new Run(
                row.getString("run_id"),
                groups.version(row.getString("group_key"), row.getInt("group_version")),
                row.getString("business_key"),
                row.getString("ordering_key"),
                row.getString("trigger_id"),
                row.getString("trigger_body"),
                row.getString("traceparent"),
                row.getLong("inbox_place"),
                row.getString("rerun_of"),
                instant(row, "created_at"));
        run.keyed = row.getInt("keyed") != 0;
        run.state = RunState.valueOf(row.getString("state"));
        run.version = row.getInt("version");
        run.heldSince = instantOrNull(row, "held_since");
        run.mergedInto = row.getString("merged_into");
        run.startByAt = instantOrNull(row, "start_by_at");
        run.lateSince = instantOrNull(row, "late_since");
        run.startedAt = instantOrNull(row, "started_at");
        run.endedAt = instantOrNull(row, "ended_at");
        run.unresolvedSince = instantOrNull(row, "unresolved_since");
        var resolution = constant(ResolutionStatus.class, row.getString("resolution"));
        if (resolution != null) {
            run.resolution = new Resolution(
                    resolution,
                    row.getString("resolved_by"),
                    instant(row, "resolved_at"),
                    instantOrNull(row, "resolution_until"),
                    row.getString("resolution_reason"));
        }
        return run;
    }

    @SuppressWarnings("unchecked")
    TaskRun taskRun(ResultSet row, int number) throws SQLException {
        var group = groups.version(row.getString("group_key"), row.getInt("group_version"));
        var taskKey = row.getString("task_key");
        var task = new TaskRun(
                row.getString("task_run_id"),
                row.getString("run_id"),
                group.key(),
                group.version(),
                row.getString("ordering_key"),
                row.getInt("task_no"),
                group.task(taskKey)
                        .orElseThrow(() -> new IllegalStateException(
                                "group " + group.key() + " version " + group.version() + " has no task " + taskKey)),
                instant(row, "created_at"));
        task.state = TaskRunState.valueOf(row.getString("state"));
        task.attempt = row.getInt("attempt");
        task.round = row.getInt("round");
        task.fence = row.getLong("fence");
        task.version = row.getInt("version");
        task.cause = constant(Cause.class, row.getString("cause"));
        task.message = row.getString("message");
        task.dueAt = instantOrNull(row, "due_at");
        task.leaseUntil = instantOrNull(row, "lease_until");
        task.leaseNode = row.getString("lease_node");
        task.firstDueAt = instantOrNull(row, "first_due_at");
        task.deadlineAt = instantOrNull(row, "deadline_at");
        task.overdueAt = instantOrNull(row, "overdue_at");
        task.timeoutAt = instantOrNull(row, "timeout_at");
        task.silentAt = instantOrNull(row, "silent_at");
        task.silentSince = instantOrNull(row, "silent_since");
        task.answerAt = instantOrNull(row, "answer_at");
        task.noAnswerSince = instantOrNull(row, "no_answer_since");
        task.overdueSince = instantOrNull(row, "overdue_since");
        task.conflictSince = instantOrNull(row, "conflict_since");
        task.attemptRound = row.getInt("attempt_round");
        task.failedCalls = row.getInt("failed_calls");
        task.unreadableCalls = row.getInt("unreadable_calls");
        task.unauthorizedCalls = row.getInt("unauthorized_calls");
        task.failedReports = row.getInt("failed_reports");
        var sequence = row.getLong("last_sequence");
        task.lastSequence = row.wasNull() ? null : sequence;
        task.acceptedAt = instantOrNull(row, "accepted_at");
        task.reportedAt = instantOrNull(row, "reported_at");
        task.progress = ReportJson.read(row.getString("progress"), StatusReport.Progress.class);
        task.files = ReportJson.readList(row.getString("files"), FileReport.class);
        task.reconciliation = ReportJson.read(row.getString("reconciliation"), Reconciliation.class);
        task.result = (Map<String, @Nullable Object>) ReportJson.read(row.getString("result"), Map.class);
        task.manual = row.getInt("manual") != 0;
        task.cancelState = CancelState.valueOf(row.getString("cancel_state"));
        task.cancelDueAt = instantOrNull(row, "cancel_due_at");
        task.cancelUntil = instantOrNull(row, "cancel_until");
        task.cancelReason = row.getString("cancel_reason");
        task.startedAt = instantOrNull(row, "started_at");
        task.endedAt = instantOrNull(row, "ended_at");
        return task;
    }

    RunHead head(ResultSet row, int number) throws SQLException {
        return new RunHead(
                row.getString("run_id"),
                row.getString("business_key"),
                row.getString("trigger_body"),
                row.getString("traceparent"));
    }

    Claim claim(ResultSet row, int number) throws SQLException {
        return new Claim(taskRun(row, number), head(row, number), row.getString("from_lease_node") != null);
    }

    private static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }
}
