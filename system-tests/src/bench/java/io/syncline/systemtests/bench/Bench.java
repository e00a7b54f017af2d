package io.syncline.systemtests.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.LoggerFactory;

/** Runs benchmarks by name and prints their tables; the figures also go to system-tests/target/bench as JSON. */
public final class Bench {

    private static final List<String> FILES_OPTIONS = List.of("rows", "instances", "rows-per-file", "psql-jobs");

    private Bench() {}

    /** What a benchmark found, one map for each row of its table. */
    private interface Benchmark {
        List<Map<String, Object>> run() throws Exception;
    }

    private static Map<String, Benchmark> benchmarks(Map<String, Integer> options) {
        var all = new LinkedHashMap<String, Benchmark>();
        all.put("drain", DrainBench::besidePeers);
        all.put("drain-2", DrainBench::twoNodes);
        all.put("backlog", BacklogBench::run);
        all.put("path", PathBench::run);
        all.put("latency", LatencyBench::run);
        all.put("polling", PollingBench::run);
        all.put("storm", StormBench::run);
        all.put("mixed", MixedBench::run);
        all.put("start", StartBench::run);
        all.put("wait", WaitBench::run);
        all.put("lookup", LookupBench::run);
        all.put("row", RowBench::run);
        all.put("users", UsersBench::run);
        all.put("files", () -> FilesBench.run(options));
        all.put("freshness", FreshnessBench::run);
        all.put("portal", PortalBench::run);
        return all;
    }

    public static void main(String[] arguments) throws Exception {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.WARN);
        var names = new ArrayList<String>();
        var options = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith("--")) {
                options.put(arguments[i].substring(2), option(arguments, ++i));
            } else {
                names.add(arguments[i]);
            }
        }
        if (!options.isEmpty() && (!names.equals(List.of("files")) || !FILES_OPTIONS.containsAll(options.keySet()))) {
            stop("options belong to files alone, and are " + FILES_OPTIONS);
        }
        var all = benchmarks(options);
        if (!all.keySet().containsAll(names)) {
            names.removeAll(all.keySet());
            stop("unknown: " + String.join(", ", names) + "; there are: " + String.join(", ", all.keySet()));
        }
        for (String name : names.isEmpty() ? List.of("drain") : names) {
            System.out.println("== " + name);
            var figures = Objects.requireNonNull(all.get(name)).run();
            write(name, figures);
            Plots.draw(name, figures, folder());
        }
        System.exit(0);
    }

    private static int option(String[] arguments, int place) {
        if (place == arguments.length || !arguments[place].matches("[1-9][0-9]{0,8}")) {
            stop(arguments[place - 1] + " wants a number above zero");
        }
        return Integer.parseInt(arguments[place]);
    }

    private static void stop(String why) {
        System.err.println(why);
        System.exit(2);
    }

    /** A number of the environment, for a smaller run. */
    static int setting(String name, int usual) {
        var asked = System.getenv(name);
        return asked == null ? usual : Integer.parseInt(asked);
    }

    /** Where figures, plots and recordings go. */
    static Path folder() throws IOException {
        return Files.createDirectories(Project.root().resolve("system-tests/target/bench"));
    }

    /** With a flight recording for the profile, when the environment asks for one. */
    static List<String> recorded(List<String> jvm, String name) throws IOException {
        if (System.getenv("SYNCLINE_BENCH_RECORD") == null) {
            return jvm;
        }
        var options = new ArrayList<>(jvm);
        // Filters and proxies of a request alone are deeper than the 64 frames that are kept by default.
        options.add("-XX:FlightRecorderOptions=stackdepth=256");
        options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                + folder().resolve(name + ".jfr"));
        return options;
    }

    private static void write(String benchmark, List<Map<String, Object>> figures) throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("benchmark", benchmark);
        json.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("java", System.getProperty("java.version"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("figures", figures);
        Files.write(
                folder().resolve(benchmark + ".json"),
                Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }
}
