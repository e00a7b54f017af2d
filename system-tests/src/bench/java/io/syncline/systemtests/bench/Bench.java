package io.syncline.systemtests.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/**
 * Runs benchmarks by name and prints their tables and goals; both also go to system-tests/target/bench as JSON. Without a name
 * it runs the usual ones, one after the other.
 */
public final class Bench {

    private static final List<String> FILES_OPTIONS =
            List.of("rows", "instances", "rows-per-file", "psql-jobs", "days");
    private static final String START = "start";
    private static final String UNKNOWN = "unknown";

    /** What is run where no name is given. */
    private static final List<String> USUAL = List.of(
            "drain", "drain-2", "path", "latency", "polling", "backlog", "storm", "lookup", "users", "files", START,
            "mixed");

    private Bench() {}

    /** What a benchmark found, one map for each row of its table, and one for each {@link Goal}. */
    private interface Benchmark {
        List<Map<String, Object>> run() throws Exception;
    }

    private static Map<String, Benchmark> benchmarks(Map<String, Integer> options) {
        var all = new LinkedHashMap<String, Benchmark>();
        all.put("drain", DrainBench::besidePeers);
        all.put("drain-2", DrainBench::twoNodes);
        all.put("path", PathBench::run);
        all.put("latency", LatencyBench::run);
        all.put("polling", PollingBench::run);
        all.put("backlog", BacklogBench::run);
        all.put("storm", StormBench::run);
        all.put("lookup", LookupBench::run);
        all.put("users", UsersBench::run);
        all.put("files", () -> FilesBench.run(options));
        all.put(START, StartBench::run);
        all.put("mixed", MixedBench::run);
        all.put("faults", FaultsBench::run);
        all.put("wait", WaitBench::run);
        all.put("row", RowBench::run);
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
        var goals = new LinkedHashMap<String, List<Map<String, Object>>>();
        var broken = new ArrayList<String>();
        for (String name : names.isEmpty() ? USUAL : names) {
            System.out.println("== " + name);
            try {
                goals.put(name, run(name, Objects.requireNonNull(all.get(name)), List.of(arguments)));
            } catch (Exception trouble) {
                // The others have their figures to tell, some of them after hours.
                trouble.printStackTrace();
                broken.add(name);
                ServiceProcess.stopAll();
            }
        }
        if (goals.size() > 1) {
            System.out.println("== all");
            Goal.print(goals);
        }
        if (!broken.isEmpty()) {
            System.out.println("broke off: " + String.join(", ", broken));
        }
        System.exit(broken.isEmpty() ? 0 : 1);
    }

    /** Returns the rows of its goals. */
    private static List<Map<String, Object>> run(String name, Benchmark benchmark, List<String> arguments)
            throws Exception {
        var rows = benchmark.run();
        var figures = rows.stream().filter(row -> !Goal.is(row)).toList();
        var goals = rows.stream().filter(Goal::is).toList();
        // What one Java needs says nothing of another: neither may overwrite the other's figures.
        var file = name.equals(START) ? name + "-java" + Runtime.version().feature() : name;
        write(name, file, arguments, figures, goals);
        Plots.draw(file, figures, folder());
        Goal.print(Map.of(name, goals));
        return goals;
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

    private static void write(
            String benchmark,
            String file,
            List<String> arguments,
            List<Map<String, Object>> figures,
            List<Map<String, Object>> goals)
            throws IOException {
        var json = new LinkedHashMap<String, Object>();
        json.put("benchmark", benchmark);
        json.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        json.put("commit", commit());
        json.put("java", System.getProperty("java.version"));
        json.put("processor", processor());
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("arguments", arguments);
        json.put("settings", settings());
        json.put("figures", figures);
        json.put("goals", goals);
        Files.write(
                folder().resolve(file + ".json"),
                Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    /** What the environment asked for, but for what nobody else should know. */
    private static Map<String, String> settings() {
        var settings = new TreeMap<>(System.getenv());
        settings.keySet().removeIf(name -> !name.startsWith("SYNCLINE_BENCH_") || name.endsWith("_PASSWORD"));
        // A URL may have a password behind its question mark.
        settings.replaceAll((name, text) -> name.endsWith("_URL") ? text.replaceAll("\\?.*", "") : text);
        return settings;
    }

    private static String commit() {
        try {
            var git = new ProcessBuilder("git", "rev-parse", "--short", "HEAD")
                    .directory(Project.root().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return git.waitFor() == 0 ? commit : UNKNOWN;
        } catch (IOException absent) {
            return UNKNOWN;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    /** Its model as Linux tells it; elsewhere its architecture. */
    private static String processor() throws IOException {
        var told = Path.of("/proc/cpuinfo");
        var model = Files.exists(told)
                ? Files.readAllLines(told).stream()
                        .filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                : Optional.<String>empty();
        return model.orElse(System.getProperty("os.arch"));
    }
}
