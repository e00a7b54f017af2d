package io.syncline.systemtests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * One bar chart for each benchmark that has figures to compare, as SVG beside its JSON. Written by hand: what chart libraries
 * draw is a hundred times as long, with every letter as a path.
 */
final class Plots {

    /** Rows of that name are told and not drawn. */
    static final String WARM_UP = "warm-up";

    private static final List<String> PERCENTILES = List.of("p50Ms", "p95Ms", "p99Ms");

    /** Of a benchmark that compares one figure, and what it is. */
    private static final Map<String, String> SINGLE = Map.of(
            "median", ", per second (median)", "rowsPerSecond", ", rows per second", "medianMs", ", ms (median)");

    private static final int WIDTH = 800;
    private static final int LABELS = 270;
    private static final int ROW = 24;
    private static final int HEAD = 34;
    private static final String STYLE = "text{font:12px system-ui,sans-serif;fill:#14181d}"
            + ".p50Ms{fill:#b7d3ef}.p95Ms{fill:#6ba7df}.p99Ms,.median,.rowsPerSecond,.medianMs{fill:#2f7fd1}"
            + "@media(prefers-color-scheme:dark){text{fill:#e6eaf0}}";

    private Plots() {}

    static void draw(String benchmark, List<Map<String, Object>> figures, Path folder) throws IOException {
        for (var single : SINGLE.entrySet()) {
            var values = column(figures, single.getKey());
            if (!values.isEmpty()) {
                save(folder, benchmark, benchmark + single.getValue(), Map.of(single.getKey(), values));
                return;
            }
        }
        var measured = new LinkedHashMap<String, Map<String, Double>>();
        for (String percentile : PERCENTILES) {
            var values = column(figures, percentile);
            if (!values.isEmpty()) {
                measured.put(percentile, values);
            }
        }
        if (!measured.isEmpty()) {
            save(folder, benchmark, benchmark + ", ms: p50, p95, p99", measured);
        }
    }

    private static Map<String, Double> column(List<Map<String, Object>> figures, String measure) {
        var values = new LinkedHashMap<String, Double>();
        for (var row : figures) {
            if (row.get(measure) instanceof Number number && row.get("name") instanceof String name) {
                if (!name.equals(WARM_UP)) {
                    values.put(name, number.doubleValue());
                }
            }
        }
        return values;
    }

    private static void save(Path folder, String benchmark, String title, Map<String, Map<String, Double>> measured)
            throws IOException {
        double most = measured.values().stream()
                .flatMap(values -> values.values().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        var names = measured.values().iterator().next().keySet();
        int height = HEAD + names.size() * ROW + 8;
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">"
                        .formatted(WIDTH, height))
                .append("<title>%s</title><style>%s</style>".formatted(escaped(title), STYLE))
                .append("<text x=\"0\" y=\"16\" font-weight=\"600\">%s</text>%n".formatted(escaped(title)));
        int row = 0;
        for (String name : names) {
            int y = HEAD + row++ * ROW;
            svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                    .formatted(LABELS - 8, y + 13, escaped(name)));
            double last = 0;
            var told = new StringBuilder();
            // The longest first, so that the shorter ones lie upon it.
            for (var measure :
                    measured.keySet().stream().sorted((a, b) -> b.compareTo(a)).toList()) {
                double value = Objects.requireNonNull(measured.get(measure)).getOrDefault(name, 0.0);
                double width = (WIDTH - LABELS - 150) * Math.max(0, value) / most;
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
                        measure,
                        LABELS,
                        y,
                        width,
                        ROW - 6));
                last = Math.max(last, width);
                told.insert(0, (told.isEmpty() ? "" : " / ")).insert(0, told(value));
            }
            svg.append(String.format(
                    Locale.ROOT, "<text x=\"%.1f\" y=\"%d\">%s</text>%n", LABELS + last + 6, y + 13, told));
        }
        Files.writeString(folder.resolve(benchmark + ".svg"), svg.append("</svg>\n"));
    }

    private static String told(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
