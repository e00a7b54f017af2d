package io.syncline.portal.runs;

import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.runs.HistogramAnswer.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * When the runs of the list were made, and what became of them: a column for each span of time, the same as a table, and in a
 * sentence.
 *
 * @param from begin of the first span, as it is typed
 * @param isCut whether there are more runs of a span than were counted
 */
record Histogram(List<Column> columns, String from, String to, boolean isCut, String summary) {

    private static final int HEIGHT = 60;
    private static final int LEAST = 2;

    /**
     * @param address of the list of this span alone
     * @param runs counted, with a plus where there are more
     * @param bars from the bottom up: failed, open, cancelled or skipped, completed
     */
    record Column(
            String from,
            String to,
            String address,
            String runs,
            int completed,
            int failed,
            int open,
            int leftOut,
            List<Bar> bars) {

        public String label() {
            var words = new ArrayList<String>();
            add(words, failed, "failed");
            add(words, open, "open");
            add(words, leftOut, "cancelled or skipped");
            add(words, completed, "completed");
            return "%s to %s: %s runs, %s".formatted(from, to, runs, String.join(", ", words));
        }

        private static void add(List<String> words, int count, String what) {
            if (count > 0) {
                words.add(count + " " + what);
            }
        }

        public boolean isEmpty() {
            return bars.isEmpty();
        }
    }

    /**
     * In units of a column, which is 10 wide and 60 high.
     *
     * @param kind of the class of its colour
     */
    record Bar(int y, int height, String kind) {}

    static Histogram of(HistogramAnswer answer, RunFilter filter, Moments moments) {
        long most = Math.max(
                1, answer.spans().stream().mapToLong(Histogram::counted).max().orElse(1));
        var columns = answer.spans().stream()
                .map(span -> column(span, most, filter, moments))
                .toList();
        return new Histogram(
                columns,
                moments.typed(answer.from()),
                moments.typed(answer.to()),
                answer.spans().stream().anyMatch(span -> !span.runs().isAll()),
                summary(answer));
    }

    private static Column column(Span span, long most, RunFilter filter, Moments moments) {
        int completed = count(span, "COMPLETED");
        int failed = count(span, "FAILED");
        int open = count(span, "QUEUED", "RUNNING");
        int others = (int) counted(span) - completed - failed - open;
        var bars = new ArrayList<Bar>();
        int top = bar(bars, HEIGHT, failed, most, "failed");
        top = bar(bars, top, open, most, "active");
        top = bar(bars, top, others, most, "neutral");
        bar(bars, top, completed, most, "success");
        return new Column(
                moments.typed(span.from()),
                moments.typed(span.to()),
                filter.addressOf(span.from(), span.to()),
                Numbers.grouped(span.runs().value()) + (span.runs().isAll() ? "" : "+"),
                completed,
                failed,
                open,
                others,
                bars);
    }

    /** Few runs beside many are seen all the same, and no column grows beyond the picture for it. */
    private static int bar(List<Bar> bars, int bottom, int runs, long most, String kind) {
        if (runs == 0) {
            return bottom;
        }
        int height = (int) Math.max(LEAST, runs * (HEIGHT - 3L * LEAST) / most);
        bars.add(new Bar(bottom - height, height, kind));
        return bottom - height;
    }

    private static long counted(Span span) {
        return span.states().values().stream().mapToLong(Integer::longValue).sum();
    }

    private static int count(Span span, String... states) {
        int sum = 0;
        for (var state : states) {
            sum += span.states().getOrDefault(state, 0);
        }
        return sum;
    }

    private static String summary(HistogramAnswer answer) {
        long runs = 0;
        long failed = 0;
        boolean isCut = false;
        for (var span : answer.spans()) {
            runs += span.runs().value();
            failed += count(span, "FAILED");
            isCut |= !span.runs().isAll();
        }
        return "%s%s, %s of them failed."
                .formatted(isCut ? "At least " : "", Numbers.counted(runs, "run", "runs"), Numbers.grouped(failed));
    }

    /** Whether there is anything to draw. */
    public boolean hasRuns() {
        return columns.stream().anyMatch(column -> !column.isEmpty());
    }

    /** Spans in which runs were made. */
    public List<Column> busy() {
        return columns.stream().filter(column -> !column.isEmpty()).toList();
    }
}
