package io.syncline.portal.runs;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.platform.Person;
import io.syncline.portal.runs.RunView.Balance;
import io.syncline.portal.runs.RunView.CallView;
import io.syncline.portal.runs.RunView.CallbackView;
import io.syncline.portal.runs.RunView.FileView;
import io.syncline.portal.runs.RunView.TaskRunView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

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
        @Nullable String system,
        @Nullable Moment started,
        @Nullable Moment ended,
        @Nullable Done done,
        @Nullable Sum sum,
        Map<String, List<String>> differences,
        List<FileRow> files,
        List<CallRow> calls,
        boolean hasEarlierCalls,
        List<ReportRow> reports,
        Map<String, @Nullable Object> result,
        List<Choice> choices) {

    /** @param runId for addresses of its calls */
    static TaskRow of(TaskRunView task, String runId, Person person, Moments moments) {
        var result = new LinkedHashMap<String, @Nullable Object>(task.result() == null ? Map.of() : task.result());
        var differences = Differences.of(result);
        if (!differences.isEmpty()) {
            result.remove(Differences.MEMBER);
        }
        var choices = Choice.ofTask(task, person);
        var late = choices.stream()
                .filter(choice -> choice.address().endsWith(TaskDeed.ACCEPT_LATE.wire()) && choice.isAllowed())
                .findFirst()
                .map(Choice::address)
                .orElse(null);
        return new TaskRow(
                task.task(),
                task.taskRunId(),
                StateMark.ofTaskRun(task.state(), task.cause(), task.attempt(), Boolean.TRUE.equals(task.manual())),
                RunRow.flags(task.flagsOrNone(), moments.now()),
                task.attempt(),
                task.round(),
                task.cause(),
                "NONE".equals(task.cancel()) ? null : task.cancel(),
                Sentences.localised(task.waitsFor(), moments),
                task.message(),
                task.system(),
                moments.orNull(task.startedAt()),
                moments.orNull(task.endedAt()),
                Done.of(task),
                Sum.of(task.reconciliation()),
                differences,
                task.filesOrNone().stream().map(FileRow::of).toList(),
                task.callsOrNone().stream()
                        .map(call -> CallRow.of(call, task.task(), runId, moments))
                        .toList(),
                Boolean.TRUE.equals(task.earlierCalls()),
                task.callbacksOrNone().stream()
                        .map(report -> ReportRow.of(report, late, moments))
                        .toList(),
                result,
                choices);
    }

    /** Public because the page asks for it. */
    public boolean failed() {
        return "failed".equals(mark.hue());
    }

    /** What may be done to it now. */
    public List<Choice> allowed() {
        return choices.stream().filter(Choice::isAllowed).toList();
    }

    public List<Choice> others() {
        return choices.stream().filter(choice -> !choice.isAllowed()).toList();
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
            @Nullable String checksum,
            @Nullable String error) {

        static FileRow of(FileView file) {
            return new FileRow(
                    file.name(),
                    StateMark.ofFile(file.status()),
                    Numbers.grouped(file.expectedRows()),
                    Numbers.grouped(file.actualRows()),
                    checksum(file),
                    file.error());
        }

        private static @Nullable String checksum(FileView file) {
            if (file.expectedChecksum() == null || file.actualChecksum() == null) {
                return null;
            }
            return file.expectedChecksum().equals(file.actualChecksum()) ? "equal" : "differs";
        }
    }

    record CallRow(
            @Nullable Moment at,
            @Nullable Integer attempt,
            @Nullable Integer round,
            String status,
            @Nullable String outcome,
            String took,
            @Nullable String instance,
            @Nullable String detail,
            boolean isCancel,
            @Nullable String callId,
            @Nullable String address) {

        static CallRow of(CallView call, String task, String runId, Moments moments) {
            return new CallRow(
                    moments.orNull(call.at()),
                    call.attempt(),
                    call.round(),
                    call.status() == null ? "no answer" : call.status().toString(),
                    call.outcome(),
                    call.durationMs() == null ? "-" : Numbers.grouped(call.durationMs()) + " ms",
                    call.instance(),
                    Sentences.localised(call.detail(), moments),
                    !call.isOfWork(),
                    call.callId(),
                    call.callId() == null
                            ? null
                            : UriComponentsBuilder.fromPath("/runs/{run}")
                                    .queryParam("task", "{task}")
                                    .queryParam("call", "{call}")
                                    .fragment("call")
                                    .encode()
                                    .buildAndExpand(runId, task, call.callId())
                                    .toUriString());
        }
    }

    record ReportRow(
            @Nullable Moment at,
            @Nullable Integer attempt,
            @Nullable Long sequence,
            @Nullable String status,
            String verdict,
            @Nullable String acceptAddress) {

        /** @param late where a late report of this task run is accepted; null when none can be */
        static ReportRow of(CallbackView report, @Nullable String late, Moments moments) {
            var verdict = report.applied() == null
                    ? "-"
                    : report.applied() ? "applied" : "not applied: " + Story.notApplied(report);
            var isLate = "COMPLETED".equals(report.status()) && "ALREADY_ENDED".equals(report.reason());
            return new ReportRow(
                    moments.orNull(report.receivedAt()),
                    report.attempt(),
                    report.sequence(),
                    report.status(),
                    verdict,
                    isLate && late != null && report.callbackId() != null
                            ? UriComponentsBuilder.fromPath(late)
                                    .queryParam("callbackId", "{id}")
                                    .encode()
                                    .buildAndExpand(report.callbackId())
                                    .toUriString()
                            : null);
        }
    }
}
