package io.syncline.portal.runs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A run as the platform answers it; in a list without its task runs. Unknown states stay the text that came. */
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
        @Nullable List<TaskRunView> taskRuns) {

    public List<Flag> flagsOrNone() {
        return flags == null ? List.of() : flags;
    }

    public List<TaskRunView> taskRunsOrNone() {
        return taskRuns == null ? List.of() : taskRuns;
    }

    /** OVERDUE, CONFLICT, HELD or SILENT, and since when. */
    public record Flag(String flag, @Nullable Instant since) {}

    public record TaskRunView(
            String taskRunId,
            String task,
            String state,
            @Nullable Integer attempt,
            @Nullable Integer round,
            @Nullable String cause,
            @Nullable Boolean manual,
            @Nullable List<Flag> flags,
            @Nullable String cancel,
            @Nullable Instant dueAt,
            @Nullable Instant deadline,
            @Nullable String waitsFor,
            @Nullable String message,
            @Nullable Progress progress,
            @Nullable List<FileView> files,
            @Nullable Balance reconciliation,
            @Nullable Map<String, @Nullable Object> result,
            @Nullable List<CallView> calls,
            @Nullable List<CallbackView> callbacks) {

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
            @Nullable Integer attempt,
            @Nullable Integer round,
            @Nullable Instant at,
            @Nullable Long durationMs,
            @Nullable String instance,
            @Nullable Integer status,
            @Nullable String outcome) {}

    public record CallbackView(
            @Nullable String callbackId,
            @Nullable Integer attempt,
            @Nullable Long sequence,
            @Nullable String status,
            @Nullable Boolean applied,
            @Nullable String reason,
            @Nullable Instant receivedAt) {}
}
