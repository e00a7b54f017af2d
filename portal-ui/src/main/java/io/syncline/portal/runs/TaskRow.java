package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.runs.RunView.Balance;
import io.syncline.portal.runs.RunView.CallView;
import io.syncline.portal.runs.RunView.CallbackView;
import io.syncline.portal.runs.RunView.FileView;
import io.syncline.portal.runs.RunView.TaskRunView;
import java.util.List;
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

    static TaskRow of(TaskRunView task, Moments moments) {
        return new TaskRow(
                task.task(),
                task.taskRunId(),
                StateMark.ofTaskRun(task.state(), task.cause(), task.attempt(), Boolean.TRUE.equals(task.manual())),
                RunRow.flags(task.flagsOrNone(), moments.now()),
                task.attempt(),
                task.round(),
                task.cause(),
                "NONE".equals(task.cancel()) ? null : task.cancel(),
                task.waitsFor(),
                task.message(),
                Done.of(task),
                Sum.of(task.reconciliation()),
                task.filesOrNone().stream().map(FileRow::of).toList(),
                task.callsOrNone().stream()
                        .map(call -> CallRow.of(call, moments))
                        .toList(),
                task.callbacksOrNone().stream()
                        .map(report -> ReportRow.of(report, moments))
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
            return new Done(
                    Math.min(done, total),
                    total,
                    "%s of %s%s".formatted(Numbers.grouped(done), Numbers.grouped(total), unit));
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
                    Numbers.grouped(balance.expectedRows()),
                    Numbers.grouped(balance.actualRows()),
                    Numbers.grouped(balance.missing()),
                    Numbers.grouped(balance.unexpected()),
                    Numbers.grouped(balance.different()),
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
                    Numbers.grouped(file.expectedRows()),
                    Numbers.grouped(file.actualRows()),
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

        static CallRow of(CallView call, Moments moments) {
            return new CallRow(
                    moments.orNull(call.at()),
                    call.attempt(),
                    call.round(),
                    call.status() == null ? "no answer" : call.status().toString(),
                    call.outcome(),
                    call.durationMs() == null ? "-" : Numbers.grouped(call.durationMs()) + " ms",
                    call.instance());
        }
    }

    record ReportRow(
            @Nullable Moment at,
            @Nullable Integer attempt,
            @Nullable Long sequence,
            @Nullable String status,
            String verdict) {

        static ReportRow of(CallbackView report, Moments moments) {
            var verdict = report.applied() == null
                    ? "-"
                    : report.applied()
                            ? "applied"
                            : "not applied: " + (report.reason() == null ? "-" : report.reason());
            return new ReportRow(
                    moments.orNull(report.receivedAt()), report.attempt(), report.sequence(), report.status(), verdict);
        }
    }
}
