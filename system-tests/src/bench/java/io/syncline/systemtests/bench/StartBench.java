package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.UnpackedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From the start of a node's process to its readiness, on a database that has its schema, and what it holds of the machine's
 * memory when it has been idle for a while: as the plain jar, and unpacked with an archive of its classes.
 */
final class StartBench {

    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 5);
    private static final int IDLE_SECONDS = Bench.setting("SYNCLINE_BENCH_SECONDS", 20);
    private static final List<String> JVM = List.of("-Xmx256m");
    private static final double WITHOUT_CACHE = 10;
    private static final double WITH_CACHE = 6;
    private static final double MOST_RESIDENT = 450;

    /** The Java whose archive is an ahead-of-time cache. */
    private static final int CACHED_SINCE = 25;

    private StartBench() {}

    static List<Map<String, Object>> run() throws IOException {
        var figures = new ArrayList<Map<String, Object>>();
        var jar = Service.SCHEDULER.jar(Project.root());
        var unpacked = UnpackedNode.withArchiveFor(jar, JVM, Files.createTempDirectory("syncline-bench-nodes"));
        var withArchive = new ArrayList<>(JVM);
        withArchive.add(unpacked.option());
        try (var postgres = new CountingPostgres();
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            platform.stop(platform.start(JVM, Map.of()));
            System.out.printf("%-32s %9s %9s %9s %12s%n", "seconds to ready", "least", "median", "most", "idle, MB");
            int java = Runtime.version().feature();
            figures.addAll(measure("plain jar, Java " + java, platform, jar, JVM, WITHOUT_CACHE));
            figures.addAll(measure(
                    "unpacked, with archive, Java " + java,
                    platform,
                    unpacked.jar(),
                    withArchive,
                    java >= CACHED_SINCE ? WITH_CACHE : WITHOUT_CACHE));
        }
        return figures;
    }

    private static List<Map<String, Object>> measure(
            String name, MeasuredPlatform platform, Path jar, List<String> jvm, double bound) throws IOException {
        var seconds = new ArrayList<Double>();
        var megabytes = new ArrayList<Double>();
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            try (var node = platform.begin(jar, jvm, Map.of())) {
                node.awaitReady(Duration.ofMinutes(2));
                seconds.add((System.nanoTime() - began) / 1e9);
                Pauses.millis(IDLE_SECONDS * 1000L);
                megabytes.add((double) ServiceHeap.resident(node));
            }
        }
        var start = Spread.of(seconds);
        var idle = Spread.of(megabytes);
        System.out.printf(
                Locale.ROOT,
                "%-32s %9.1f %9.1f %9.1f %12.0f%n",
                name,
                start.least(),
                start.median(),
                start.most(),
                idle.most());
        return List.of(
                Map.of("name", name, "seconds", seconds, "idleMegabytes", megabytes),
                Goal.atMost(name + ", slowest start, s", bound, start.most()),
                Goal.atMost(name + ", most when idle, MB", MOST_RESIDENT, idle.most()));
    }
}
