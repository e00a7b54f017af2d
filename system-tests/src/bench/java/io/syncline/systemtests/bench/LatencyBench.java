package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** From a message to the first byte of its call: made by the node that took it, and by another where that one calls nobody. */
final class LatencyBench {

    private static final int PER_SECOND = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 100);
    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 30));
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 3);
    private static final List<String> JVM = List.of("-Xmx512m", "-Xms512m");
    private static final String GROUP = "latency";

    private LatencyBench() {}

    static List<Map<String, Object>> run() throws IOException {
        var arrivals = new Arrivals();
        var figures = new ArrayList<Map<String, Object>>();
        try (var postgres = new CountingPostgres();
                var sink = new Sink(arrivals);
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            var calling = platform.start(Bench.recorded(JVM, "latency"), Map.of());
            var silent = platform.start(JVM, Map.of("syncline.dispatch.enabled", "false"));
            platform.system("sink", sink.origin(), "platform-jwt", 64);
            platform.group(GROUP, List.of(Map.of("key", "post", "mode", "ASYNC", "system", "sink", "path", "/sync")));
            Latencies.head();
            var same = new ArrayList<Latencies.Figures>();
            var other = new ArrayList<Latencies.Figures>();
            for (int round = 0; round <= ROUNDS; round++) {
                for (var node : List.of(calling, silent)) {
                    var name = (round == 0 ? "warm-up" : "round " + round)
                            + (node == calling ? ", same node" : ", other node");
                    var measured = Latencies.measure(
                            platform, node, arrivals, round + "-" + node.name(), n -> GROUP, PER_SECOND, SPAN);
                    measured.print(name);
                    if (round > 0) {
                        figures.add(measured.row(name));
                        (node == calling ? same : other).add(measured);
                    }
                }
            }
            figures.add(Goal.atMost("same node, p50 from due to call, ms", 5, worst(same, 0.5)));
            figures.add(Goal.atMost("same node, p99 from due to call, ms", 25, worst(same, 0.99)));
            figures.add(Goal.atMost("other node, p95 from due to call, ms", 50, worst(other, 0.95)));
            figures.add(Goal.none(
                    "messages not accepted or not called for",
                    Stream.concat(same.stream(), other.stream())
                            .mapToLong(Latencies.Figures::without)
                            .sum()));
        }
        return figures;
    }

    /** Of the worst round. */
    private static double worst(List<Latencies.Figures> rounds, double part) {
        return rounds.stream().mapToDouble(round -> round.dueToCall(part)).max().orElse(Double.NaN);
    }
}
