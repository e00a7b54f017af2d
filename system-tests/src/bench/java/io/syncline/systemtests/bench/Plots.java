package io.syncline.systemtests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler;

/** One bar chart for each benchmark that has figures to compare, as SVG beside its JSON. */
final class Plots {

    private static final List<String> MEASURES = List.of("p50Ms", "p95Ms", "p99Ms");

    private Plots() {}

    static void draw(String benchmark, List<Map<String, Object>> figures, Path folder) throws IOException {
        var rates = column(figures, "median");
        if (!rates.isEmpty()) {
            var chart = chart(benchmark, "per second");
            chart.addSeries("per second", List.copyOf(rates.keySet()), List.copyOf(rates.values()));
            save(chart, folder, benchmark);
            return;
        }
        var named = column(figures, MEASURES.get(0));
        if (named.isEmpty()) {
            return;
        }
        var chart = chart(benchmark, "ms");
        for (String measure : MEASURES) {
            var values = column(figures, measure);
            if (values.keySet().equals(named.keySet())) {
                chart.addSeries(measure.replace("Ms", ""), List.copyOf(values.keySet()), List.copyOf(values.values()));
            }
        }
        save(chart, folder, benchmark);
    }

    private static Map<String, Number> column(List<Map<String, Object>> figures, String measure) {
        var values = new LinkedHashMap<String, Number>();
        for (var row : figures) {
            if (row.get(measure) instanceof Number number && row.get("name") instanceof String name) {
                values.put(name, number);
            }
        }
        return values;
    }

    private static CategoryChart chart(String title, String unit) {
        var chart = new CategoryChartBuilder()
                .width(880)
                .height(360)
                .title(title)
                .yAxisTitle(unit)
                .theme(Styler.ChartTheme.Matlab)
                .build();
        chart.getStyler().setPlotGridVerticalLinesVisible(false);
        chart.getStyler().setXAxisLabelRotation(20);
        return chart;
    }

    private static void save(CategoryChart chart, Path folder, String benchmark) throws IOException {
        try (var out = Files.newOutputStream(folder.resolve(benchmark + ".svg"))) {
            ChartEncoder.saveChart(chart, out, "svg");
        }
    }
}
