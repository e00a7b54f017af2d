package io.syncline.systemtests;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The meters as docs/observability.md lists them, and those of a scrape. */
public final class MeterCatalogue {

    private static final Pattern ROW = Pattern.compile(
            "^\\| `(?<name>syncline_[a-z_]+)` \\| (?<type>counter|gauge|histogram) \\|(?<labels>[^|]*)\\|(?<appears>[^|]*)\\|");
    private static final Pattern LABEL = Pattern.compile("`([a-z]+)`");
    private static final Pattern SAMPLE = Pattern.compile(
            "^(?<name>syncline_[a-z_]+?)(?<part>_bucket|_count|_sum|_max)?(?:\\{(?<labels>.*)})? \\S+$");
    private static final Pattern SAMPLE_LABEL = Pattern.compile("([a-z_]+)=\"");

    /** @param always whether every node shows it at any time */
    public record Meter(String type, Set<String> labels, boolean always) {}

    private MeterCatalogue() {}

    public static Map<String, Meter> documented() {
        var meters = new LinkedHashMap<String, Meter>();
        try {
            for (var line : Files.readAllLines(Project.root().resolve("docs/observability.md"))) {
                var row = ROW.matcher(line);
                if (row.find()) {
                    var labels = new TreeSet<String>();
                    var label = LABEL.matcher(row.group("labels"));
                    while (label.find()) {
                        labels.add(label.group(1));
                    }
                    meters.put(
                            row.group("name"),
                            new Meter(
                                    row.group("type"),
                                    labels,
                                    row.group("appears").strip().equals("always")));
                }
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        return meters;
    }

    /** The names and labels of our meters in a scrape; histograms and their parts under one name. */
    public static Map<String, Set<String>> scraped(String scrape) {
        var types = new TreeMap<String, String>();
        scrape.lines().filter(line -> line.startsWith("# TYPE syncline_")).forEach(line -> {
            var words = line.split(" ");
            types.put(words[2], words[3]);
        });
        var meters = new TreeMap<String, Set<String>>();
        scrape.lines().forEach(line -> {
            var sample = SAMPLE.matcher(line);
            if (!sample.matches() || "_max".equals(sample.group("part"))) {
                return;
            }
            var part = sample.group("part") == null ? "" : sample.group("part");
            var name =
                    types.containsKey(sample.group("name") + part) ? sample.group("name") + part : sample.group("name");
            var labels = new TreeSet<String>();
            var label = SAMPLE_LABEL.matcher(sample.group("labels") == null ? "" : sample.group("labels"));
            while (label.find()) {
                labels.add(label.group(1));
            }
            labels.remove("le");
            meters.merge(name, labels, (one, other) -> {
                one.addAll(other);
                return one;
            });
        });
        return meters;
    }

    /** The sum of all series of this name that have these labels; 0 without any. */
    public static double sum(String scrape, String name, String... labels) {
        return scrape.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> {
                    for (var label : labels) {
                        if (!line.contains(label)) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
