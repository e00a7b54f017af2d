package io.syncline.systemtests;

import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Whose meters they are, by the headings over their tables. */
    public enum Service {
        PLATFORM("## Meters"),
        DATA_PROVIDER("### Those of the data provider"),
        DATA_CONSUMER("### The consumer's view of users");

        private final String heading;

        Service(String heading) {
            this.heading = heading;
        }
    }

    /** @param always whether every node shows it at any time */
    public record Meter(String type, Set<String> labels, boolean always) {}

    private MeterCatalogue() {}

    /** Those of all services. */
    public static Map<String, Meter> documented() {
        var meters = new LinkedHashMap<String, Meter>();
        for (var service : Service.values()) {
            meters.putAll(documented(service));
        }
        return meters;
    }

    public static Map<String, Meter> documented(Service service) {
        var meters = new LinkedHashMap<String, Meter>();
        var heading = "";
        try {
            for (var line : Files.readAllLines(Project.root().resolve("docs/observability.md"))) {
                heading = line.startsWith("#") ? line : heading;
                var row = ROW.matcher(line);
                if (heading.equals(service.heading) && row.find()) {
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

    /** Where a service shows other meters or labels than are documented, or lacks one that is there always. */
    public static List<String> differences(Service service, String scrape) {
        var differences = new ArrayList<String>();
        var documented = documented(service);
        var scraped = scraped(scrape);
        scraped.forEach((name, labels) -> {
            var meter = documented.get(name);
            if (meter == null) {
                differences.add(name + " is not documented");
            } else if (!meter.labels().equals(labels)) {
                differences.add(name + " has the labels " + labels + ", documented are " + meter.labels());
            }
        });
        documented.forEach((name, meter) -> {
            if (meter.always() && !scraped.containsKey(name)) {
                differences.add(name + " is documented as always there");
            }
        });
        return differences;
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
