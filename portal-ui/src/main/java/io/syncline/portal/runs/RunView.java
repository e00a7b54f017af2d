package io.syncline.portal.runs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as the platform answers it; in a list without its task runs. Unknown states stay the text that came.
 *
 * @param purged whether its details are gone; {@code purgedAt} and {@code cause} are of such a run alone
 */
record RunView(
        String runId,
        String group,
        @Nullable Integer groupVersion,
        @Nullable String businessKey,
        @Nullable String orderingKey,
        @Nullable String triggerId,
        String state,
        @Nullable List<Flag> flags,
        @Nullable String mergedInto,
        @Nullable String rerunOf,
        @Nullable Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Resolution resolution,
        @Nullable List<String> allowedActions,
        @Nullable TaskCounts tasks,
        @Nullable String traceId,
        @Nullable Boolean purged,
        @Nullable Instant purgedAt,
        @Nullable String cause,
        @Nullable List<TaskRunView> taskRuns) {

    private static final Set<String> OPEN = Set.of("QUEUED", "RUNNING");

    public List<Flag> flagsOrNone() {
        return flags == null ? List.of() : flags;
    }

    public List<String> actionsOrNone() {
        return allowedActions == null ? List.of() : allowedActions;
    }

    public boolean isOpen() {
        return OPEN.contains(state);
    }

    public boolean isPurged() {
        return Boolean.TRUE.equals(purged);
    }

    /** What people made of a failure. */
    public record Resolution(
            String status,
            @Nullable String by,
            @Nullable Instant at,
            @Nullable Instant until,
            @Nullable String reason) {}

    /** Those in none of the three are waiting, under way or cancelled. */
    public record TaskCounts(
            int total, int completed, @Nullable Integer skipped, int failed) {

        int done() {
            return completed + (skipped == null ? 0 : skipped);
        }
    }

    public List<TaskRunView> taskRunsOrNone() {
        return taskRuns == null ? List.of() : taskRuns;
    }

    /** OVERDUE, CONFLICT, HELD or SILENT, and since when. */
    public record Flag(String flag, @Nullable Instant since) {}

    public record TaskRunView(
            String taskRunId,
            String task,
            @Nullable String system,
            String state,
            @Nullable Integer attempt,
            @Nullable Integer round,
            @Nullable String cause,
            @Nullable Boolean manual,
            @Nullable List<Flag> flags,
            @Nullable String cancel,
            @Nullable Instant dueAt,
            @Nullable Instant deadline,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String waitsFor,
            @Nullable String message,
            @Nullable Progress progress,
            @Nullable List<FileView> files,
            @Nullable Balance reconciliation,
            @Nullable Map<String, @Nullable Object> result,
            @Nullable List<String> allowedActions,
            @Nullable List<CallView> calls,
            @Nullable Boolean earlierCalls,
            @Nullable List<CallbackView> callbacks) {

        private static final Set<String> OPEN_TASK = Set.of("WAITING", "DUE", "CALLING", "RUNNING");

        public boolean isOpen() {
            return OPEN_TASK.contains(state);
        }

        public List<String> actionsOrNone() {
            return allowedActions == null ? List.of() : allowedActions;
        }

        public List<Flag> flagsOrNone() {
            return flags == null ? List.of() : flags;
        }

        public List<FileView> filesOrNone() {
            return files == null ? List.of() : files;
        }

        public List<CallView> callsOrNone() {
            return calls == null ? List.of() : calls;
        }

        public List<CallbackView> callbacksOrNone() {
            return callbacks == null ? List.of() : callbacks;
        }
    }

    public record Progress(
            @Nullable Long done,
            @Nullable Long total,
            @Nullable String unit) {}

    public record FileView(
            String name,
            @Nullable String status,
            @Nullable Long expectedRows,
            @Nullable Long actualRows,
            @Nullable String expectedChecksum,
            @Nullable String actualChecksum,
            @Nullable String error) {}

    public record Balance(
            @Nullable Long expectedRows,
            @Nullable Long actualRows,
            @Nullable Long missing,
            @Nullable Long unexpected,
            @Nullable Long different) {}

    public record CallView(
            @Nullable String callId,
            @Nullable String kind,
            @Nullable Integer attempt,
            @Nullable Integer round,
            @Nullable Instant at,
            @Nullable Long durationMs,
            @Nullable String instance,
            @Nullable Integer status,
            @Nullable String outcome,
            @Nullable String detail) {

        public boolean isOfWork() {
            return !"CANCEL".equals(kind);
        }
    }

    public record CallbackView(
            @Nullable String callbackId,
            @Nullable Integer attempt,
            @Nullable Long sequence,
            @Nullable String status,
            @Nullable Boolean applied,
            @Nullable String reason,
            @Nullable Instant receivedAt) {}
}
