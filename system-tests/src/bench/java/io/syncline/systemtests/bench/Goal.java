package io.syncline.systemtests.bench;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a benchmark has to show, as a row of its figures: the goal, its bound, what was measured and whether it was met. */
final class Goal {

    private static final String GOAL = "goal";
    private static final String BOUND = "bound";
    private static final String MEASURED = "measured";
    private static final String MET = "met";
    private static final String LINE = "%-12s %-62s %10s %12s   %s%n";

    private Goal() {}

    /** @param measured NaN where nothing could be measured, which meets no goal */
    static Map<String, Object> atLeast(String goal, double bound, double measured) {
        return row(goal, "≥ " + plain(bound), measured, measured >= bound);
    }

    /** @param measured NaN where nothing could be measured, which meets no goal */
    static Map<String, Object> atMost(String goal, double bound, double measured) {
        return row(goal, "≤ " + plain(bound), measured, measured <= bound);
    }

    /** @param measured NaN where nothing could be measured, which meets no goal */
    static Map<String, Object> below(String goal, double bound, double measured) {
        return row(goal, "< " + plain(bound), measured, measured < bound);
    }

    /** Of what must not happen at all. */
    static Map<String, Object> none(String goal, long counted) {
        return row(goal, "= 0", counted, counted == 0);
    }

    private static Map<String, Object> row(String goal, String bound, double measured, boolean met) {
        var row = new LinkedHashMap<String, Object>();
        row.put(GOAL, goal);
        row.put(BOUND, bound);
        row.put(MEASURED, Double.isNaN(measured) ? null : measured);
        row.put(MET, met);
        return row;
    }

    /** Whether a row of figures is a goal's. */
    static boolean is(Map<String, Object> row) {
        return row.containsKey(GOAL);
    }

    /** @param goals rows of goals by the benchmark that they belong to */
    static void print(Map<String, List<Map<String, Object>>> goals) {
        if (goals.values().stream().allMatch(List::isEmpty)) {
            return;
        }
        System.out.printf(LINE, "", GOAL, BOUND, MEASURED, "");
        goals.forEach((benchmark, rows) -> rows.forEach(row -> System.out.printf(
                LINE,
                benchmark,
                row.get(GOAL),
                row.get(BOUND),
                row.get(MEASURED) instanceof Double measured ? told(measured) : "-",
                Boolean.TRUE.equals(row.get(MET)) ? "met" : "NOT MET")));
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    private static String told(double value) {
        if (value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        double size = Math.abs(value);
        return String.format(
                Locale.ROOT, size >= 1_000 ? "%.0f" : size >= 100 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
