package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Nine downstreams that answer at once, without and with a tenth that never answers: what the others notice of it. */
final class MixedBench {

    private static final int FAST = 9;
    private static final int PER_SECOND = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 180);
    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 30));
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 7);
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
            var node = platform.start(Bench.recorded(List.of("-Xmx512m", "-Xms512m"), "mixed"), Map.of());
            for (int i = 0; i < FAST; i++) {
                platform.system("fast-" + i, fast.origin(), "platform-jwt", 32);
                platform.group(
                        "mixed-" + i,
                        List.of(Map.of("key", "post", "mode", "ASYNC", "system", "fast-" + i, "path", "/sync")));
            }
            platform.system(HANGING, hanging.origin(), "platform-jwt", 32);
            Latencies.head();
            var ratios = new ArrayList<Double>();
            var allWithout = new ArrayList<Latencies.Figures>();
            var allWith = new ArrayList<Latencies.Figures>();
            for (int round = 0; round <= ROUNDS; round++) {
                var name = round == 0 ? "warm-up" : "round " + round;
                // Who comes second meets what the first one leaves behind.
                Latencies.Figures without;
                Latencies.Figures with;
                if (round % 2 == 0) {
                    without = alone(platform, node, arrivals, round, name);
                    with = withHanging(platform, node, arrivals, round, name);
                } else {
                    with = withHanging(platform, node, arrivals, round, name);
                    without = alone(platform, node, arrivals, round, name);
                }
                if (round > 0) {
                    figures.add(without.row(name + " alone"));
                    figures.add(with.row(name + " with"));
                    ratios.add(with.dueToCall(0.99) / without.dueToCall(0.99));
                    allWithout.add(without);
                    allWith.add(with);
                }
            }
            var spread = Spread.of(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "p99 with by p99 without, round by round: %.2f / %.2f / %.2f%n",
                    spread.least(),
                    spread.median(),
                    spread.most());
            figures.add(Map.of("name", "p99 with by p99 without", "ratios", ratios));
            figures.addAll(pooled(allWithout, allWith));
        } finally {
            never.countDown();
        }
        return figures;
    }

    /** All rounds together: one round's p99 hangs on some fifty messages. */
    private static List<Map<String, Object>> pooled(List<Latencies.Figures> without, List<Latencies.Figures> with) {
        double p99Without = Spread.millis(all(without), 0.99);
        double p99With = Spread.millis(all(with), 0.99);
        System.out.printf(
                Locale.ROOT,
                "all rounds, p99: %.1f ms alone, %.1f ms with, %.2f%n",
                p99Without,
                p99With,
                p99With / p99Without);
        return List.of(
                Map.of("name", "all rounds alone", "p99Ms", p99Without),
                Map.of("name", "all rounds with", "p99Ms", p99With),
                Goal.atMost("p99 with by p99 without, all rounds", 1.2, p99With / p99Without),
                Goal.none(
                        "messages not accepted or not called for",
                        Stream.concat(without.stream(), with.stream())
                                .mapToLong(Latencies.Figures::without)
                                .sum()));
    }

    private static long[] all(List<Latencies.Figures> rounds) {
        return rounds.stream()
                .flatMapToLong(round -> Arrays.stream(round.fromDue()))
                .toArray();
    }

    private static Latencies.Figures alone(
            MeasuredPlatform platform, ServiceProcess node, Arrivals arrivals, int round, String name) {
        var without = measure(platform, node, arrivals, round + "-without");
        without.print(name + ", nine alone");
        return without;
    }

    private static Latencies.Figures withHanging(
            MeasuredPlatform platform, ServiceProcess node, Arrivals arrivals, int round, String name) {
        var group = HANGING + "-" + round;
        platform.group(group, List.of(hangingTask()));
        platform.sendBatches(group, String.valueOf(round), HANGING_BACKLOG);
        // What is measured is a system that hangs with all its calls, not the storing of a thousand runs.
        Pauses.millis(CALL_TIMEOUT.toMillis());
        var with = measure(platform, node, arrivals, round + "-with");
        with.print(name + ", one hangs");
        cancel(platform, group);
        return with;
    }

    private static Latencies.Figures measure(
            MeasuredPlatform platform, ServiceProcess node, Arrivals arrivals, String prefix) {
        return Latencies.measure(platform, node, arrivals, prefix, n -> "mixed-" + n % FAST, PER_SECOND, SPAN);
    }

    private static Map<String, Object> hangingTask() {
        return Map.of(
                "key",
                "post",
                "mode",
                "ASYNC",
                "system",
                HANGING,
                "path",
                "/sync",
                "callTimeout",
                CALL_TIMEOUT.toString());
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
