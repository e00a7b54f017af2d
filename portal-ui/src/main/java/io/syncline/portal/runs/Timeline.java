package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import io.syncline.portal.runs.RunView.CallView;
import io.syncline.portal.runs.RunView.CallbackView;
import io.syncline.portal.runs.RunView.TaskRunView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * When each attempt of each task went on, drawn to scale: a row per task, a bar per attempt, waiting in between.
 *
 * @param ticks times along the axis
 * @param now where the line of now stands, from 0 to {@link #WIDTH}; null when it is outside, or the run has ended
 * @param shows which tasks it may be narrowed to
 */
record Timeline(
        List<Row> rows, List<String> ticks, @Nullable String now, List<Zoom> zooms, List<Show> shows) {

    static final int WIDTH = 1000;
    private static final double THINNEST = 3;

    /** @param sentences what the bars say, in their order */
    record Row(String task, StateMark mark, List<Bar> bars, List<String> sentences) {
        public String sentence() {
            return String.join(" ", sentences);
        }
    }

    /** @param kind waiting, planned, or a hue with which an attempt ended */
    record Bar(String kind, String x, String width, String title) {

        /** A failed attempt is higher than the others, so that it is seen without its colour. */
        public String y() {
            return kind.equals("failed") ? "1" : "5";
        }

        public String height() {
            return kind.equals("failed") ? "18" : "10";
        }
    }

    record Zoom(String label, @Nullable String address) {}

    /** @param address null for the one that is shown */
    record Show(String label, int tasks, @Nullable String address) {}

    private record Span(String kind, Instant from, Instant to, String title) {}

    /** Null before anything has happened. */
    static @Nullable Timeline of(RunView run, Window window, TaskKind kind, Moments moments) {
        var begin = run.createdAt() == null ? run.startedAt() : run.createdAt();
        var tasks = run.taskRunsOrNone();
        if (begin == null || tasks.isEmpty()) {
            return null;
        }
        var last = run.endedAt() == null ? moments.now() : run.endedAt();
        var end = last.isAfter(begin.plusMillis(1)) ? last : begin.plusMillis(1);
        var scale = new Scale(window.at(begin, end, window.from()), window.at(begin, end, window.to()));
        return new Timeline(
                tasks.stream()
                        .filter(kind::holds)
                        .map(task -> row(task, begin, end, scale, moments))
                        .toList(),
                window.ticks(begin, end).stream()
                        .map(tick -> moments.of(tick).text().substring(11))
                        .toList(),
                run.isOpen() && window.to() == 1000 ? "999" : null,
                zooms(run.runId(), window, kind),
                shows(run, window, kind));
    }

    private static List<Zoom> zooms(String runId, Window window, TaskKind kind) {
        return List.of(
                zoom("Closer", window, window.closer(), runId, kind),
                zoom("Wider", window, window.wider(), runId, kind),
                zoom("Earlier", window, window.earlier(), runId, kind),
                zoom("Later", window, window.later(), runId, kind),
                zoom("All", window, Window.ALL, runId, kind));
    }

    private static Zoom zoom(String label, Window now, Window next, String runId, TaskKind kind) {
        return new Zoom(label, next.equals(now) ? null : address(runId, next, kind));
    }

    private static List<Show> shows(RunView run, Window window, TaskKind shown) {
        return Stream.of(TaskKind.values())
                .map(kind -> new Show(
                        kind.label(),
                        (int) run.taskRunsOrNone().stream().filter(kind::holds).count(),
                        kind == shown ? null : address(run.runId(), window, kind)))
                .toList();
    }

    private static String address(String runId, Window window, TaskKind kind) {
        var address = UriComponentsBuilder.fromPath("/runs/" + runId).fragment("timeline");
        if (kind != TaskKind.ALL) {
            address.queryParam("show", kind.wire());
        }
        if (!window.isAll()) {
            address.queryParam("zoom", window.text());
        }
        return address.toUriString();
    }

    private static Row row(TaskRunView task, Instant begin, Instant end, Scale scale, Moments moments) {
        var mark = StateMark.ofTaskRun(task.state(), task.cause(), task.attempt(), Boolean.TRUE.equals(task.manual()));
        var spans = spans(task, begin, end, moments);
        return new Row(
                task.task(),
                mark,
                spans.stream().map(scale::bar).filter(Objects::nonNull).toList(),
                spans.isEmpty()
                        ? List.of(task.task() + ": " + mark.word() + ", no times are known.")
                        : spans.stream().map(span -> span.title() + ".").toList());
    }

    private static List<Span> spans(TaskRunView task, Instant begin, Instant end, Moments moments) {
        var calls = task.callsOrNone().stream()
                .filter(call -> call.isOfWork() && call.at() != null && call.attempt() != null)
                .toList();
        var attempts = new TreeSet<Integer>();
        calls.forEach(call -> attempts.add(call.attempt()));
        if (attempts.isEmpty()) {
            return withoutCalls(task, begin, end, moments);
        }
        var spans = new ArrayList<Span>();
        var free = begin;
        for (int attempt : attempts) {
            var isLast = attempt == attempts.last();
            var from = start(calls, attempt);
            if (from.isAfter(free)) {
                spans.add(waiting(task, free, from, moments));
            }
            var to = isLast && attempt == (task.attempt() == null ? attempt : task.attempt())
                    ? endOfLast(task, calls, attempt, end)
                    : lastSign(task, calls, attempt, from);
            var how = isLast && !task.isOpen() ? task.state() : isLast && isUnderWay(task) ? task.state() : "FAILED";
            spans.add(new Span(
                    hue(how),
                    from,
                    to,
                    "%s, attempt %d, %s, %s to %s"
                            .formatted(task.task(), attempt, word(how), clock(from, moments), clock(to, moments))));
            free = to;
        }
        if (task.isOpen() && !isUnderWay(task) && end.isAfter(free)) {
            spans.add(waiting(task, free, end, moments));
        }
        return spans;
    }

    /** The calls may be gone sooner than the run. */
    private static List<Span> withoutCalls(TaskRunView task, Instant begin, Instant end, Moments moments) {
        var started = task.startedAt();
        if (started == null) {
            return task.isOpen() ? List.of(waiting(task, begin, end, moments)) : List.of();
        }
        var to = task.endedAt() == null ? end : task.endedAt();
        return List.of(new Span(
                hue(task.state()),
                started,
                to,
                "%s, %s, %s to %s"
                        .formatted(task.task(), word(task.state()), clock(started, moments), clock(to, moments))));
    }

    private static Span waiting(TaskRunView task, Instant from, Instant to, Moments moments) {
        return new Span(
                "waiting",
                from,
                to,
                "%s, waiting, %s to %s".formatted(task.task(), clock(from, moments), clock(to, moments)));
    }

    private static Instant start(List<CallView> calls, int attempt) {
        return calls.stream()
                .filter(call -> Objects.equals(call.attempt(), attempt))
                .map(call -> Objects.requireNonNull(call.at()))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    private static Instant endOfLast(TaskRunView task, List<CallView> calls, int attempt, Instant end) {
        if (task.endedAt() != null) {
            return task.endedAt();
        }
        return isUnderWay(task) ? end : lastSign(task, calls, attempt, start(calls, attempt));
    }

    /** The end of an attempt's last call, or its last report. */
    private static Instant lastSign(TaskRunView task, List<CallView> calls, int attempt, Instant from) {
        var ofCalls = calls.stream()
                .filter(call -> Objects.equals(call.attempt(), attempt))
                .map(call -> Objects.requireNonNull(call.at())
                        .plus(Duration.ofMillis(call.durationMs() == null ? 0 : call.durationMs())));
        var ofReports = task.callbacksOrNone().stream()
                .filter(report -> Objects.equals(report.attempt(), attempt) && Boolean.TRUE.equals(report.applied()))
                .map(CallbackView::receivedAt)
                .filter(Objects::nonNull);
        return Stream.concat(ofCalls, ofReports).max(Instant::compareTo).orElse(from);
    }

    private static boolean isUnderWay(TaskRunView task) {
        return "CALLING".equals(task.state()) || "RUNNING".equals(task.state());
    }

    private static String word(String state) {
        return switch (state) {
            case "CALLING", "RUNNING" -> "under way";
            case "COMPLETED" -> "completed";
            case "FAILED" -> "failed";
            case "CANCELLED" -> "cancelled";
            case "SKIPPED" -> "skipped";
            default -> state;
        };
    }

    private static String hue(String state) {
        return StateMark.ofTaskRun(state, null, null, false).hue();
    }

    private static String clock(Instant at, Moments moments) {
        return moments.of(at).text().substring(11);
    }

    private record Scale(Instant from, Instant to) {

        /** Null outside of it. */
        @Nullable
        Bar bar(Span span) {
            double left = Math.max(0, place(span.from()));
            double right = Math.min(WIDTH, Math.max(place(span.to()), place(span.from()) + THINNEST));
            return right <= 0 || left >= WIDTH
                    ? null
                    : new Bar(
                            span.kind(),
                            number(Math.min(left, WIDTH - THINNEST)),
                            number(Math.max(THINNEST, right - left)),
                            span.title());
        }

        private double place(Instant at) {
            double whole = Math.max(1, Duration.between(from, to).toMillis());
            return WIDTH * (Duration.between(from, at).toMillis() / whole);
        }

        private static String number(double value) {
            return String.format(java.util.Locale.ROOT, "%.1f", value);
        }
    }
}
