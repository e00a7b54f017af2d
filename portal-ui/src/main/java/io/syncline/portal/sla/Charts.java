package io.syncline.portal.sla;

import io.syncline.portal.page.Numbers;
import io.syncline.portal.sla.SlaAnswer.CauseCount;
import io.syncline.portal.sla.SlaAnswer.Day;
import io.syncline.portal.sla.SlaAnswer.OneGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of one group, each with its rows as a table and in a sentence. A day is a column of ten units; pictures are 60
 * units high.
 *
 * @param width of the pictures by day
 * @param targetY where the line of the target of freshness runs; null: there is none, or it is far above
 */
record Charts(
        int width,
        List<Bar> runs,
        List<Bar> ages,
        List<Bar> spans,
        @Nullable Integer targetY,
        List<DayRow> days,
        List<DayRow> worst,
        List<CauseRow> causes,
        String runsSummary,
        String agesSummary,
        String spansSummary,
        String causesSummary) {

    private static final int COLUMN = 10;
    private static final int HEIGHT = 60;
    private static final int LEAST = 2;
    private static final int MOST_WORST = 5;

    /** @param kind of the class of its colour */
    record Bar(int x, int y, int width, int height, String kind) {}

    /**
     * @param next the day after it, where a list of its runs ends
     * @param isOver the last success became older than the target
     */
    record DayRow(
            String day,
            String next,
            @Nullable String onTime,
            Day counts,
            String p50,
            String p95,
            String oldest,
            boolean isOver) {}

    /** @param width of its bar, of 100 */
    record CauseRow(String cause, int runs, @Nullable String share, int width) {}

    static Charts of(OneGroup group) {
        var target = GroupRow.duration(group.freshness().target());
        var targetMillis = target == null ? null : target.toMillis();
        var days = group.days();
        var rows = days.stream().map(day -> row(day, targetMillis)).toList();
        long oldest = most(days.stream().map(Day::oldestMillis).toList());
        long highest = targetMillis == null ? oldest : Math.max(oldest, Math.min(targetMillis, oldest * 4));
        return new Charts(
                Math.max(1, days.size()) * COLUMN,
                runs(days),
                ages(days, highest, targetMillis),
                spans(days),
                targetMillis == null || oldest == 0 || targetMillis > highest
                        ? null
                        : HEIGHT - scaled(targetMillis, highest),
                rows,
                worst(rows),
                causes(group.causes()),
                runsSummary(group),
                agesSummary(rows),
                spansSummary(group),
                causesSummary(group.causes()));
    }

    private static DayRow row(Day day, @Nullable Long target) {
        var age = day.oldestMillis();
        return new DayRow(
                day.day().toString(),
                day.day().plusDays(1).toString(),
                Share.percent(day.onTime(), (long) day.onTime() + day.missed()),
                day,
                GroupRow.span(day.p50Millis()),
                GroupRow.span(day.p95Millis()),
                GroupRow.span(age),
                target != null && age != null && age > target);
    }

    /** What was missed stands at the bottom, what is open or left out on top. */
    private static List<Bar> runs(List<Day> days) {
        int most = days.stream().mapToInt(Day::all).max().orElse(0);
        var bars = new ArrayList<Bar>();
        for (int at = 0; at < days.size(); at++) {
            var day = days.get(at);
            int y = HEIGHT;
            y = stacked(bars, at, y, day.failed(), most, "failed");
            y = stacked(bars, at, y, day.late(), most, "attention");
            y = stacked(bars, at, y, day.onTime(), most, "success");
            stacked(bars, at, y, day.leftOut() + day.open(), most, "waiting");
        }
        return bars;
    }

    private static int stacked(List<Bar> bars, int column, int y, int count, int most, String kind) {
        if (count == 0) {
            return y;
        }
        int height = Math.min(y, scaled(count, most));
        bars.add(new Bar(column * COLUMN + 1, y - height, COLUMN - 2, height, kind));
        return y - height;
    }

    private static List<Bar> ages(List<Day> days, long highest, @Nullable Long target) {
        var bars = new ArrayList<Bar>();
        for (int at = 0; at < days.size(); at++) {
            var age = days.get(at).oldestMillis();
            if (age != null && highest > 0) {
                int height = scaled(age, highest);
                var kind = target != null && age > target ? "attention" : "active";
                bars.add(new Bar(at * COLUMN + 1, HEIGHT - height, COLUMN - 2, height, kind));
            }
        }
        return bars;
    }

    /** The wide bar is the p95, the narrow one in it the p50. */
    private static List<Bar> spans(List<Day> days) {
        long most = most(days.stream().map(Day::p95Millis).toList());
        var bars = new ArrayList<Bar>();
        for (int at = 0; at < days.size(); at++) {
            var p50 = days.get(at).p50Millis();
            var p95 = days.get(at).p95Millis();
            if (p50 != null && p95 != null && most > 0) {
                int high = scaled(p95, most);
                int middle = scaled(p50, most);
                bars.add(new Bar(at * COLUMN + 1, HEIGHT - high, COLUMN - 2, high, "neutral"));
                bars.add(new Bar(at * COLUMN + 3, HEIGHT - middle, COLUMN - 6, middle, "active"));
            }
        }
        return bars;
    }

    private static int scaled(long value, long most) {
        return most == 0 ? LEAST : Math.max(LEAST, (int) (value * HEIGHT / most));
    }

    private static long most(List<@Nullable Long> values) {
        long most = 0;
        for (var value : values) {
            most = value == null ? most : Math.max(most, value);
        }
        return most;
    }

    /** Days on which something was missed, those with the smallest part on time first. */
    private static List<DayRow> worst(List<DayRow> rows) {
        return rows.stream()
                .filter(row -> row.counts().missed() > 0)
                .sorted(Comparator.comparingDouble(
                                (DayRow row) -> (double) row.counts().onTime()
                                        / (row.counts().onTime() + row.counts().missed()))
                        .thenComparing(row -> -row.counts().missed())
                        .thenComparing(DayRow::day, Comparator.reverseOrder()))
                .limit(MOST_WORST)
                .toList();
    }

    private static List<CauseRow> causes(List<CauseCount> causes) {
        long all = causes.stream().mapToLong(CauseCount::runs).sum();
        long most = causes.stream().mapToLong(CauseCount::runs).max().orElse(1);
        return causes.stream()
                .map(cause -> new CauseRow(cause.cause(), cause.runs(), Share.percent(cause.runs(), all), (int)
                        Math.max(1, cause.runs() * 100L / most)))
                .toList();
    }

    private static String runsSummary(OneGroup group) {
        var totals = group.totals();
        long judged = (long) totals.onTime() + totals.late() + totals.failed();
        return judged == 0
                ? "No run has completed or failed."
                : "%s of %s on time: %s late, %s failed."
                        .formatted(
                                Share.percent(totals.onTime(), judged),
                                Numbers.counted(judged, "run", "runs"),
                                Numbers.grouped((long) totals.late()),
                                Numbers.grouped((long) totals.failed()));
    }

    private static String agesSummary(List<DayRow> rows) {
        var over = rows.stream().filter(DayRow::isOver).count();
        var known =
                rows.stream().filter(row -> row.counts().oldestMillis() != null).count();
        if (known == 0) {
            return "No success yet.";
        }
        return over == 0
                ? "On no day was the last success older than the target, where there is one."
                : "On %s of %d the last success became older than the target."
                        .formatted(Numbers.counted(over, "day", "days"), known);
    }

    private static String spansSummary(OneGroup group) {
        var totals = group.totals();
        return totals.p50Millis() == null
                ? "No run has completed."
                : "Half of the completed runs took %s at most, 95 of 100 took %s."
                        .formatted(GroupRow.span(totals.p50Millis()), GroupRow.span(totals.p95Millis()));
    }

    private static String causesSummary(List<CauseCount> causes) {
        return causes.isEmpty()
                ? "No run has failed."
                : "Most often %s: %s."
                        .formatted(
                                causes.get(0).cause(),
                                Numbers.counted(causes.get(0).runs(), "run", "runs"));
    }
}
