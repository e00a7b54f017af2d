package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Ten thousand messages within one second for a node with a heap of 256 MB: each is taken or sent away, none of the taken is lost. */
final class StormBench {

    private static final int MESSAGES = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 10_000);
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 3);
    private static final int CONNECTIONS = 500;
    private static final Duration ALL_WITHIN = Duration.ofMinutes(2);
    private static final String GROUP = "storm";

    private StormBench() {}

    static List<Map<String, Object>> run() throws IOException {
        var figures = new ArrayList<Map<String, Object>>();
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            var node = platform.start(Bench.recorded(List.of("-Xmx256m", "-Xms256m"), "storm"), Map.of());
            platform.system("sink", sink.origin(), "platform-jwt", 128);
            platform.group(GROUP, List.of(Map.of("key", "post", "mode", "ASYNC", "system", "sink", "path", "/sync")));
            System.out.printf(
                    "%-8s %-28s %9s %9s %9s %9s %10s %9s%n",
                    "round", "answers", "p50 ms", "p99 ms", "max ms", "lost", "resident", "all done s");
            for (int round = 1; round <= ROUNDS; round++) {
                figures.add(storm(platform, node, round));
            }
        }
        return figures;
    }

    private static Map<String, Object> storm(MeasuredPlatform platform, ServiceProcess node, int round)
            throws IOException {
        var taken = new AtomicInteger();
        long began = System.nanoTime();
        var result = new OpenLoop(node.url(), platform.triggerHeaders(), Math.min(CONNECTIONS, MESSAGES))
                .post(
                        "/api/v1/triggers",
                        MESSAGES,
                        Duration.ofSeconds(1),
                        n -> MeasuredPlatform.message(GROUP, round + "-" + n),
                        (n, due, status) -> {
                            if (status == 202) {
                                taken.incrementAndGet();
                            }
                        });
        var completed = "select count(*) from run where group_key = '" + GROUP + "' and business_key like 'key-" + round
                + "-%' and state = 'COMPLETED'";
        long end = System.nanoTime() + ALL_WITHIN.toNanos();
        while (platform.work().number(completed) < taken.get() && System.nanoTime() < end) {
            Pauses.millis(50);
        }
        double done = (System.nanoTime() - began) / 1e9;
        long lost = taken.get() - platform.work().number(completed);
        long resident = residentMegabytes(node.pid());
        System.out.printf(
                Locale.ROOT,
                "%-8d %-28s %9.0f %9.0f %9.0f %9d %7d MB %9.1f%n",
                round,
                result.statuses(),
                result.millis(0.5),
                result.millis(0.99),
                result.worstMillis(),
                lost,
                resident,
                done);
        var row = new LinkedHashMap<String, Object>();
        row.put("name", "round " + round);
        row.put("answers", result.statuses());
        row.put("p50Ms", result.millis(0.5));
        row.put("p99Ms", result.millis(0.99));
        row.put("maxMs", result.worstMillis());
        row.put("generatorLateP99Ms", result.lateMillis(0.99));
        row.put("lost", lost);
        row.put("residentMegabytes", resident);
        row.put("allDoneSeconds", done);
        return row;
    }

    /** What the process holds of the machine's memory, by Linux; -1 elsewhere. */
    static long residentMegabytes(long pid) throws IOException {
        var status = Path.of("/proc/" + pid + "/status");
        if (!Files.exists(status)) {
            return -1;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(-1);
    }
}
