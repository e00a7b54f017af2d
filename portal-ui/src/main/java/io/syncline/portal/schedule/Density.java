package io.syncline.portal.schedule;

import io.syncline.portal.page.Moments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * How densely schedules fire within a day: bars of a quarter of an hour each, and the same by the hour as a table.
 *
 * @param summary in a sentence
 */
record Density(List<Bar> bars, List<Hour> hours, String summary) {

    private static final int QUARTER_SECONDS = 900;
    /** One more than a day has, because the first has begun before now. */
    private static final int BARS = 97;

    private static final int WIDTH = 10;
    private static final int HEIGHT = 60;
    private static final int LEAST = 3;

    /** In units of the picture, which is 970 wide and 60 high. */
    record Bar(int x, int y, int width, int height) {}

    record Hour(String from, int fires, String groups) {}

    static Density of(ScheduleView schedule, Moments moments) {
        var seconds = schedule.now().getEpochSecond();
        var begin = Instant.ofEpochSecond(seconds - seconds % QUARTER_SECONDS);
        var counts = new int[BARS];
        var perHour = new int[BARS / 4 + 1];
        var groups = new ArrayList<TreeSet<String>>();
        for (int hour = 0; hour < perHour.length; hour++) {
            groups.add(new TreeSet<>());
        }
        int all = 0;
        for (var group : schedule.groups()) {
            for (var fire : group.fires()) {
                int at = (int) (Duration.between(begin, fire).toMinutes() / 15);
                if (at >= 0 && at < BARS) {
                    counts[at]++;
                    perHour[at / 4]++;
                    groups.get(at / 4).add(group.group());
                    all++;
                }
            }
        }
        return new Density(bars(counts), hours(begin, perHour, groups, moments), summary(all, perHour, begin, moments));
    }

    private static List<Bar> bars(int[] counts) {
        int most = 1;
        for (int count : counts) {
            most = Math.max(most, count);
        }
        var bars = new ArrayList<Bar>();
        for (int at = 0; at < counts.length; at++) {
            if (counts[at] > 0) {
                int height = Math.max(LEAST, counts[at] * HEIGHT / most);
                bars.add(new Bar(at * WIDTH + 1, HEIGHT - height, WIDTH - 2, height));
            }
        }
        return bars;
    }

    private static List<Hour> hours(Instant begin, int[] perHour, List<TreeSet<String>> groups, Moments moments) {
        var hours = new ArrayList<Hour>();
        for (int hour = 0; hour < perHour.length; hour++) {
            if (perHour[hour] > 0) {
                hours.add(new Hour(
                        moments.typed(begin.plus(Duration.ofHours(hour))),
                        perHour[hour],
                        String.join(", ", groups.get(hour))));
            }
        }
        return hours;
    }

    private static String summary(int all, int[] perHour, Instant begin, Moments moments) {
        if (all == 0) {
            return "No schedule fires.";
        }
        int busiest = 0;
        for (int hour = 0; hour < perHour.length; hour++) {
            busiest = perHour[hour] > perHour[busiest] ? hour : busiest;
        }
        return "%d fires in the next 24 hours, most of them (%d) in the hour from %s."
                .formatted(all, perHour[busiest], moments.typed(begin.plus(Duration.ofHours(busiest))));
    }
}
