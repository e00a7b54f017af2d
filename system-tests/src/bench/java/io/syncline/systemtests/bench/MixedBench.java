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
import java.util.concurrent.CountDownLatch;

/** Nine downstreams that answer at once, without and with a tenth that never answers: what the others notice of it. */
final class MixedBench {

    private static final int FAST = 9;
    private static final int PER_SECOND = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 180);
    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 30));
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 5);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final int HANGING_BACKLOG = 1_000;
    private static final String HANGING = "hanging";

    private MixedBench() {}

    static List<Map<String, Object>> run() throws IOException {
        var arrivals = new Arrivals();
        var never = new CountDownLatch(1);
        var figures = new ArrayList<Map<String, Object>>();
        try (var postgres = new CountingPostgres();
                var fast = new Sink(arrivals);
                var hanging = new Sink((path, body) -> forEver(never));
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            var node = platform.start(List.of("-Xmx512m", "-Xms512m"), Map.of());
            for (int i = 0; i < FAST; i++) {
                platform.system("fast-" + i, fast.origin(), "platform-jwt", 32);
                platform.group(
                        "mixed-" + i,
                        List.of(Map.of("key", "post", "mode", "ASYNC", "system", "fast-" + i, "path", "/sync")));
            }
            platform.system(HANGING, hanging.origin(), "platform-jwt", 32);
            Latencies.head();
            var ratios = new ArrayList<Double>();
            for (int round = 0; round <= ROUNDS; round++) {
                var without = measure(platform, node, arrivals, round + "-without");
                without.print((round == 0 ? "warm-up" : "round " + round) + ", nine alone");
                var group = HANGING + "-" + round;
                platform.group(group, List.of(hangingTask()));
                platform.sendBatches(group, String.valueOf(round), HANGING_BACKLOG);
                var with = measure(platform, node, arrivals, round + "-with");
                with.print((round == 0 ? "warm-up" : "round " + round) + ", one hangs");
                cancel(platform, group);
                if (round > 0) {
                    figures.add(without.row("round " + round + " alone"));
                    figures.add(with.row("round " + round + " with"));
                    ratios.add(Spread.millis(with.fromDue(), 0.99) / Spread.millis(without.fromDue(), 0.99));
                }
            }
            var spread = Spread.of(ratios);
            System.out.printf(
                    java.util.Locale.ROOT,
                    "p99 with by p99 without: %.2f / %.2f / %.2f%n",
                    spread.least(),
                    spread.median(),
                    spread.most());
            figures.add(Map.of("name", "p99 with by p99 without", "ratios", ratios));
        } finally {
            never.countDown();
        }
        return figures;
    }

    private static Latencies.Figures measure(
            MeasuredPlatform platform,
            io.syncline.systemtests.process.ServiceProcess node,
            Arrivals arrivals,
            String prefix) {
        return Latencies.measure(platform, node, arrivals, prefix, n -> "mixed-" + n % FAST, PER_SECOND, SPAN);
    }

    private static Map<String, Object> hangingTask() {
        return Map.of(
                "key", "post", "mode", "ASYNC", "system", HANGING, "path", "/sync", "callTimeout", CALL_TIMEOUT.toString());
    }

    /** What is left of the hanging group would make the next round without it another one. */
    private static void cancel(MeasuredPlatform platform, String group) {
        platform.api()
                .post(
                        "/api/v1/bulk",
                        Map.of("action", "cancel", "filter", Map.of("group", group), "reason", "the round is over"))
                .expect(202);
        var open = "select count(*) from run where state in ('QUEUED', 'RUNNING') and group_key = '" + group + "'";
        while (platform.work().number(open) > 0) {
            Pauses.millis(100);
        }
        // Calls that hang still are under way until then.
        Pauses.millis(CALL_TIMEOUT.toMillis());
    }

    private static byte[] forEver(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Sink.COMPLETED;
    }
}
