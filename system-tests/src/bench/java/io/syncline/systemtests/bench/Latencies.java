package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.process.ServiceProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Messages at a steady rate, and how long each took to the first byte of its call. */
final class Latencies {

    private static final Duration ALL_WITHIN = Duration.ofSeconds(30);
    private static final int CONNECTIONS = 16;

    private Latencies() {}

    /**
     * @param fromDue nanoseconds from the moment the message was due to its call
     * @param fromAnswer nanoseconds from the answer that it was accepted; negative where the call came first
     */
    record Figures(long[] fromDue, long[] fromAnswer, OpenLoop.Result generator, int missing) {

        Map<String, Object> row(String name) {
            var row = new LinkedHashMap<String, Object>();
            row.put("name", name);
            row.put("p50Ms", Spread.millis(fromDue, 0.5));
            row.put("p95Ms", Spread.millis(fromDue, 0.95));
            row.put("p99Ms", Spread.millis(fromDue, 0.99));
            row.put("maxMs", Spread.millis(fromDue, 1));
            row.put("fromAnswerP50Ms", Spread.millis(fromAnswer, 0.5));
            row.put("fromAnswerP95Ms", Spread.millis(fromAnswer, 0.95));
            row.put("fromAnswerP99Ms", Spread.millis(fromAnswer, 0.99));
            row.put("generatorLateP99Ms", generator.lateMillis(0.99));
            row.put("answers", generator.statuses());
            row.put("missing", missing);
            return row;
        }

        double dueToCall(double part) {
            return Spread.millis(fromDue, part);
        }

        /** Messages that were not accepted, and those that were and not called for. */
        long without() {
            return generator.failed() + missing;
        }

        void print(String name) {
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %8.1f %8.1f %8.1f %8.1f   %8.1f %8.1f %8.1f   %8.1f %8d%n",
                    name,
                    Spread.millis(fromDue, 0.5),
                    Spread.millis(fromDue, 0.95),
                    Spread.millis(fromDue, 0.99),
                    Spread.millis(fromDue, 1),
                    Spread.millis(fromAnswer, 0.5),
                    Spread.millis(fromAnswer, 0.95),
                    Spread.millis(fromAnswer, 0.99),
                    generator.lateMillis(0.99),
                    missing);
        }
    }

    static void head() {
        System.out.printf(
                "%-28s %8s %8s %8s %8s   %8s %8s %8s   %8s %8s%n",
                "ms, due to call", "p50", "p95", "p99", "max", "acc. p50", "p95", "p99", "late p99", "missing");
    }

    /**
     * Sends messages of ids {@code <prefix>-<n>} to the node and waits for their calls.
     *
     * @param group of each message
     */
    static Figures measure(
            MeasuredPlatform platform,
            ServiceProcess node,
            Arrivals arrivals,
            String prefix,
            java.util.function.IntFunction<String> group,
            int perSecond,
            Duration span) {
        int count = (int) (perSecond * span.toSeconds());
        var due = new long[count];
        var answered = new long[count];
        var generator = new OpenLoop(node.url(), platform.triggerHeaders(), CONNECTIONS)
                .post(
                        "/api/v1/triggers",
                        perSecond,
                        span,
                        n -> MeasuredPlatform.message(group.apply(n), prefix + "-" + n),
                        (n, dueNanos, status) -> {
                            if (status == 202) {
                                due[n] = dueNanos;
                                answered[n] = System.nanoTime();
                            }
                        });
        var accepted = IntStream.range(0, count).filter(n -> due[n] != 0).toArray();
        long end = System.nanoTime() + ALL_WITHIN.toNanos();
        while (missing(arrivals, prefix, accepted) > 0 && System.nanoTime() < end) {
            Pauses.millis(50);
        }
        var called = IntStream.of(accepted)
                .filter(n -> arrivals.of(prefix + "-" + n) != 0)
                .toArray();
        if (called.length == 0) {
            throw node.failure("no message was called for; the answers were " + generator.statuses());
        }
        return new Figures(
                IntStream.of(called)
                        .mapToLong(n -> arrivals.of(prefix + "-" + n) - due[n])
                        .toArray(),
                IntStream.of(called)
                        .mapToLong(n -> arrivals.of(prefix + "-" + n) - answered[n])
                        .toArray(),
                generator,
                missing(arrivals, prefix, accepted));
    }

    private static int missing(Arrivals arrivals, String prefix, int[] accepted) {
        return (int) IntStream.of(accepted)
                .filter(n -> arrivals.of(prefix + "-" + n) == 0)
                .count();
    }
}
