package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Task runs that go on for ever and are called again at their interval: how late each of these calls is. Late is what lies
 * between two calls of a task run beyond its interval, as the downstream sees it.
 */
final class PollingBench {

    private static final int TASKS = Bench.setting("SYNCLINE_BENCH_ROWS", 20_000);
    private static final int SECONDS = Bench.setting("SYNCLINE_BENCH_SECONDS", 60);
    private static final long INTERVAL_MILLIS = 10_000;
    private static final long BEHIND_MILLIS = INTERVAL_MILLIS + 1_000;
    private static final int BATCH = 200;
    private static final int OFFERED = TASKS / BATCH * BATCH;
    private static final double LATE_MILLIS = 250;
    private static final String GROUP = "polling";
    private static final String P99 = "p99Ms";

    private PollingBench() {}

    /** Keeps the gaps between the calls of each task run. */
    private static final class Polled implements Sink.Downstream {

        private final ConcurrentHashMap<String, Long> last = new ConcurrentHashMap<>();
        private final List<Long> gaps = new ArrayList<>();

        @Override
        public byte[] answer(String path, byte[] body) {
            long now = System.nanoTime();
            var call = new String(body, StandardCharsets.UTF_8);
            int begin = call.indexOf("\"taskRunId\":\"") + 13;
            var before = last.put(call.substring(begin, call.indexOf('"', begin)), now);
            if (before != null) {
                synchronized (gaps) {
                    gaps.add(now - before);
                }
            }
            return Sink.RUNNING;
        }

        /** Task runs that were called for the last time longer ago than that, or never. */
        long silentFor(long millis) {
            long since = System.nanoTime() - millis * 1_000_000;
            return OFFERED
                    - last.values().stream().filter(nanos -> nanos - since >= 0).count();
        }

        long[] takeGaps() {
            synchronized (gaps) {
                var all = gaps.stream().mapToLong(Long::longValue).toArray();
                gaps.clear();
                return all;
            }
        }
    }

    static List<Map<String, Object>> run() throws IOException {
        var polled = new Polled();
        var figures = new ArrayList<Map<String, Object>>();
        try (var postgres = new CountingPostgres();
                var sink = new Sink(polled);
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            platform.start(Bench.recorded(List.of("-Xmx512m", "-Xms512m"), "polling"), Map.of());
            platform.system("sink", sink.origin(), "platform-jwt", 256);
            platform.group(
                    GROUP,
                    List.of(Map.of(
                            "key",
                            "post",
                            "mode",
                            "ASYNC",
                            "system",
                            "sink",
                            "path",
                            "/sync",
                            "interval",
                            "PT" + INTERVAL_MILLIS / 1000 + "S")));
            spreadOverOneInterval(platform);
            Pauses.millis(2 * INTERVAL_MILLIS);
            System.out.printf(
                    "%-12s %9s %9s %9s %9s %9s %9s%n", "10 s", "calls", "offered", "late p50", "p95", "p99", "max ms");
            polled.takeGaps();
            for (int window = 1; window <= SECONDS * 1000L / INTERVAL_MILLIS; window++) {
                Pauses.millis(INTERVAL_MILLIS);
                figures.add(window(window, polled.takeGaps()));
            }
            long behind = polled.silentFor(BEHIND_MILLIS);
            System.out.printf("task runs whose last call is older than %d ms: %d%n", BEHIND_MILLIS, behind);
            double worst = figures.stream()
                    .mapToDouble(row -> row.get(P99) instanceof Double p99 ? p99 : Double.NaN)
                    .max()
                    .orElse(Double.NaN);
            figures.add(Goal.atMost("late p99 of the worst 10 s, ms", LATE_MILLIS, worst));
            figures.add(Goal.none("task runs that fell behind", behind));
        }
        return figures;
    }

    /** As runs of a day are: not all at one moment. */
    private static void spreadOverOneInterval(MeasuredPlatform platform) {
        int batches = OFFERED / BATCH;
        long begin = System.nanoTime();
        for (int batch = 0; batch < batches; batch++) {
            platform.sendBatches(GROUP, String.valueOf(batch), BATCH);
            long ahead = INTERVAL_MILLIS * (batch + 1) / batches - (System.nanoTime() - begin) / 1_000_000;
            if (ahead > 0) {
                Pauses.millis(ahead);
            }
        }
    }

    private static Map<String, Object> window(int number, long[] gaps) {
        var late = Arrays.stream(gaps)
                .map(gap -> gap - INTERVAL_MILLIS * 1_000_000)
                .toArray();
        var row = new LinkedHashMap<String, Object>();
        row.put("name", "window " + number);
        row.put("calls", late.length);
        row.put("offered", OFFERED);
        row.put("p50Ms", Spread.millis(late, 0.5));
        row.put("p95Ms", Spread.millis(late, 0.95));
        row.put(P99, Spread.millis(late, 0.99));
        row.put("maxMs", Spread.millis(late, 1));
        System.out.printf(
                Locale.ROOT,
                "%-12s %9d %9d %9.1f %9.1f %9.1f %9.1f%n",
                row.get("name"),
                late.length,
                OFFERED,
                Spread.millis(late, 0.5),
                Spread.millis(late, 0.95),
                Spread.millis(late, 0.99),
                Spread.millis(late, 1));
        return row;
    }
}
