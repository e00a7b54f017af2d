package io.syncline.portal.runs;

import io.syncline.portal.platform.RunView.Balance;
import io.syncline.portal.platform.RunView.CallView;
import io.syncline.portal.platform.RunView.CallbackView;
import io.syncline.portal.platform.RunView.FileView;
import io.syncline.portal.platform.RunView.TaskRunView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task of a run with everything that is known of it. */
record TaskRow(
        String task,
        String taskRunId,
        StateMark mark,
        List<String> flags,
        @Nullable Integer attempt,
        @Nullable Integer round,
        @Nullable String cause,
        @Nullable String cancel,
        @Nullable String waitsFor,
        @Nullable String message,
        @Nullable Done done,
        @Nullable Sum sum,
        List<FileRow> files,
        List<CallRow> calls,
        List<ReportRow> reports,
        Map<String, @Nullable Object> result) {

    static TaskRow of(TaskRunView task, Instant now) {
        return new TaskRow(
                task.task(),
                task.taskRunId(),
                StateMark.ofTaskRun(task.state(), task.cause(), task.attempt(), Boolean.TRUE.equals(task.manual())),
                RunRow.flags(task.flagsOrNone(), now),
                task.attempt(),
                task.round(),
                task.cause(),
                "NONE".equals(task.cancel()) ? null : task.cancel(),
                task.waitsFor(),
                task.message(),
                Done.of(task),
                Sum.of(task.reconciliation()),
                task.filesOrNone().stream().map(FileRow::of).toList(),
                task.callsOrNone().stream().map(call -> CallRow.of(call, now)).toList(),
                task.callbacksOrNone().stream()
                        .map(report -> ReportRow.of(report, now))
                        .toList(),
                task.result() == null ? Map.of() : task.result());
    }

    /** Public because the page asks for it. */
    public boolean failed() {
        return "failed".equals(mark.hue());
    }

    /** Progress that the downstream reported; shown only where both ends of it are known. */
    record Done(long done, long total, String text) {

        static @Nullable Done of(TaskRunView task) {
            var progress = task.progress();
            if (progress == null) {
                return null;
            }
            var done = progress.done();
            var total = progress.total();
            if (done == null || total == null || total <= 0) {
                return null;
            }
            var unit = progress.unit() == null ? "" : " " + progress.unit();
            return new Done(Math.min(done, total), total, "%s of %s%s".formatted(grouped(done), grouped(total), unit));
        }
    }

    /** The reconciliation, and whether it is even to the row. */
    record Sum(String expected, String actual, String missing, String unexpected, String different, boolean even) {

        static @Nullable Sum of(@Nullable Balance balance) {
            if (balance == null) {
                return null;
            }
            var even = balance.expectedRows() != null
                    && balance.expectedRows().equals(balance.actualRows())
                    && isNone(balance.missing())
                    && isNone(balance.unexpected())
                    && isNone(balance.different());
            return new Sum(
                    grouped(balance.expectedRows()),
                    grouped(balance.actualRows()),
                    grouped(balance.missing()),
                    grouped(balance.unexpected()),
                    grouped(balance.different()),
                    even);
        }

        private static boolean isNone(@Nullable Long rows) {
            return rows == null || rows == 0;
        }
    }

    record FileRow(
            String name,
            StateMark mark,
            String expected,
            String actual,
            @Nullable String error) {

        static FileRow of(FileView file) {
            return new FileRow(
                    file.name(),
                    StateMark.ofFile(file.status()),
                    grouped(file.expectedRows()),
                    grouped(file.actualRows()),
                    file.error());
        }
    }

    record CallRow(
            @Nullable Moment at,
            @Nullable Integer attempt,
            @Nullable Integer round,
            String status,
            @Nullable String outcome,
            String took,
            @Nullable String instance) {

        static CallRow of(CallView call, Instant now) {
            return new CallRow(
                    Moment.orNull(call.at(), now),
                    call.attempt(),
                    call.round(),
                    call.status() == null ? "no answer" : call.status().toString(),
                    call.outcome(),
                    call.durationMs() == null ? "-" : grouped(call.durationMs()) + " ms",
                    call.instance());
        }
    }

    record ReportRow(
            @Nullable Moment at,
            @Nullable Integer attempt,
            @Nullable Long sequence,
            @Nullable String status,
            String verdict) {

        static ReportRow of(CallbackView report, Instant now) {
            var verdict = report.applied() == null
                    ? "-"
                    : report.applied()
                            ? "applied"
                            : "not applied: " + (report.reason() == null ? "-" : report.reason());
            return new ReportRow(
                    Moment.orNull(report.receivedAt(), now),
                    report.attempt(),
                    report.sequence(),
                    report.status(),
                    verdict);
        }
    }

    private static String grouped(@Nullable Long count) {
        return count == null ? "-" : String.format(Locale.ROOT, "%,d", count).replace(',', '\u00a0');
    }
}
