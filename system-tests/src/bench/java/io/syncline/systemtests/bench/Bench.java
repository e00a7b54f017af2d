package io.syncline.systemtests.bench;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Drain;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.load.Waits;
import io.syncline.systemtests.process.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Runs benchmarks by name and prints a table; the figures also go to system-tests/target/bench as JSON. */
public final class Bench {

    private static final int WARM_UP = 4_000;
    private static final int RUNS = 20_000;
    private static final int ROUNDS = 3;
    private static final int CONCURRENCY = 128;
    private static final int WARM_UP_WAITS = 300;
    private static final int WAITS = 3_000;
    private static final List<String> FILES_OPTIONS = List.of("rows", "instances", "rows-per-file", "psql-jobs");
    private static final List<String> JVM = List.of("-Xmx512m", "-Xms512m");

    private Bench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
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
        for (String name : names.isEmpty() ? List.of("drain") : names) {
            switch (name) {
                case "drain" -> drain();
                case "wait" -> waits();
                case "lookup" -> write("lookup", LookupBench.run());
                case "row" -> write("row", RowBench.run());
                case "users" -> write("users", UsersBench.run());
                case "files" -> write("files", FilesBench.run(options));
                case "freshness" -> write("freshness", FreshnessBench.run());
                case "portal" -> write("portal", PortalBench.run());
                default ->
                    stop("unknown benchmark '" + name
                            + "'; there are: drain, wait, lookup, row, users, files, freshness, portal");
            }
        }
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

    private static void write(String benchmark, List<Map<String, Object>> figures) throws IOException {
        var folder = Files.createDirectories(Project.root().resolve("system-tests/target/bench"));
        var json = new LinkedHashMap<String, Object>();
        json.put("benchmark", benchmark);
        json.put("java", System.getProperty("java.version"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("figures", figures);
        Files.write(
                folder.resolve(benchmark + ".json"),
                Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    /** 20,000 due runs of one task, ours and db-scheduler's in turn; the first, smaller round of each only warms up. */
    private static void drain() throws IOException, InterruptedException {
        var folder = Files.createDirectories(Project.root().resolve("system-tests/target/bench"));
        var home = Files.createTempDirectory("syncline-bench");
        var ours = new ArrayList<Drain.Result>();
        var peers = new ArrayList<Double>();
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var drain = new Drain(
                        postgres.database("syncline"),
                        CountingPostgres.USER,
                        CountingPostgres.PASSWORD,
                        home,
                        sink,
                        CONCURRENCY,
                        jvmOptions(folder))) {
            drain.run(WARM_UP);
            var peerUrl = postgres.database("peer");
            System.out.printf("%-6s %14s %14s %8s %12s %12s%n", "round", "syncline/s", "db-scheduler/s", "ratio",
                    "statements", "commits");
            for (int round = 1; round <= ROUNDS; round++) {
                var mine = drain.run(RUNS);
                var peer = dbScheduler(peerUrl, sink);
                ours.add(mine);
                peers.add(peer);
                System.out.printf(
                        Locale.ROOT,
                        "%-6d %14.0f %14.0f %8.2f %12.3f %12.4f%n",
                        round,
                        mine.rate(),
                        peer,
                        mine.rate() / peer,
                        mine.statementsPerRun(),
                        mine.commitsPerRun());
            }
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("benchmark", "drain");
        json.put("runs", RUNS);
        json.put("concurrency", CONCURRENCY);
        json.put("java", System.getProperty("java.version"));
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("rounds", rounds(ours, peers));
        Files.write(folder.resolve("drain.json"), Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    /**
     * Prefer: wait through one node, and the same downstream called directly, in turn, one at a time: what the platform adds to
     * the downstream's own time. SYNCLINE_BENCH_WAITS sets how many.
     */
    private static void waits() throws IOException, InterruptedException {
        var folder = Files.createDirectories(Project.root().resolve("system-tests/target/bench"));
        var home = Files.createTempDirectory("syncline-bench");
        int count = setting("SYNCLINE_BENCH_WAITS", WAITS);
        var through = new long[count];
        var direct = new long[count];
        var added = new long[count];
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var node = new Drain(
                        postgres.database("syncline"),
                        CountingPostgres.USER,
                        CountingPostgres.PASSWORD,
                        home,
                        sink,
                        CONCURRENCY,
                        JVM)) {
            var waits = new Waits(node.api(), "sink", sink.origin());
            for (int i = 0; i < WARM_UP_WAITS; i++) {
                waits.throughThePlatform();
                waits.direct();
            }
            for (int i = 0; i < count; i++) {
                through[i] = waits.throughThePlatform();
                direct[i] = waits.direct();
                added[i] = through[i] - direct[i];
            }
        }
        var json = new LinkedHashMap<String, Object>();
        json.put("benchmark", "wait");
        json.put("count", count);
        System.out.printf("%-22s %10s %10s%n", "ms", "p50", "p99");
        for (var row : List.of(
                Map.entry("through the platform", through),
                Map.entry("direct", direct),
                Map.entry("added", added))) {
            Arrays.sort(row.getValue());
            var p50 = millis(row.getValue(), 0.50);
            var p99 = millis(row.getValue(), 0.99);
            System.out.printf(Locale.ROOT, "%-22s %10.2f %10.2f%n", row.getKey(), p50, p99);
            json.put(row.getKey(), Map.of("p50Ms", p50, "p99Ms", p99));
        }
        Files.write(folder.resolve("wait.json"), Http.JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
    }

    private static double millis(long[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * part) - 1)] / 1e6;
    }

    private static List<Map<String, Object>> rounds(List<Drain.Result> ours, List<Double> peers) {
        var rounds = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < ours.size(); i++) {
            var mine = ours.get(i);
            rounds.add(Map.of(
                    "synclinePerSecond",
                    mine.rate(),
                    "dbSchedulerPerSecond",
                    peers.get(i),
                    "statementsPerRun",
                    mine.statementsPerRun(),
                    "commitsPerRun",
                    mine.commitsPerRun()));
        }
        return rounds;
    }

    /** A recording for the profile, when the environment asks for one. */
    private static List<String> jvmOptions(Path folder) {
        var options = new ArrayList<>(JVM);
        if (System.getenv("SYNCLINE_BENCH_RECORD") != null) {
            options.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + folder.resolve("drain.jfr"));
        }
        return options;
    }

    /** In a JVM of its own, with the same heap; the first of its two rounds warms up. */
    private static double dbScheduler(String url, Sink sink) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of(
                "-Dloader.main=" + DbSchedulerDrain.class.getName(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.springframework.boot.loader.launch.PropertiesLauncher",
                url,
                CountingPostgres.USER,
                CountingPostgres.PASSWORD,
                sink.origin(),
                String.valueOf(WARM_UP),
                String.valueOf(RUNS)));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var last = "";
        try (var lines = process.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.matches("\\d+ [0-9.E-]+")) {
                    last = line;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.waitFor();
        }
        if (last.isEmpty()) {
            throw new IllegalStateException("the peer ended with exit code " + process.exitValue() + " and no figure");
        }
        var parts = last.split(" ");
        return Integer.parseInt(parts[0]) / Double.parseDouble(parts[1]);
    }
}
