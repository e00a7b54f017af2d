package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.load.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * GETs at a fixed rate over kept connections, whether the service keeps up or not. All the while a second generator asks a bare
 * sink, which tells what the machine did in that very second: a long read says nothing of the service when the sink took
 * long, too.
 */
final class SteadyReads {

    private static final int PER_SECOND = 1_000;
    private static final int CONNECTIONS = 20;
    private static final int SINK_PER_SECOND = 200;
    private static final int SINK_CONNECTIONS = 2;
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 3);
    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 30));

    /** The compiler needs some 200,000 requests until it is done with the whole way: before that, its own work is measured. */
    private static final Duration WARM_UP = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_WARM_UP", 240));

    private static final double CALM_MILLIS = 7;
    private static final double LONGEST_MILLIS = 10;
    private static final String LINE = "%-10s %-8s %8.2f %8.2f %8.2f %8.1f %8d %9.2f%n";

    private final String what;
    private final OpenLoop service;
    private final OpenLoop floor;
    private final IntFunction<String> path;
    private final Consumer<Duration> beside;
    private final List<Map<String, Object>> figures = new ArrayList<>();
    private final List<OpenLoop.Result> reads = new ArrayList<>();

    /** The longest read of each second in which the sink was quick. */
    private final List<Double> calm = new ArrayList<>();

    /**
     * @param what is read, in the figures
     * @param token of a caller who may read it
     * @param path of the n-th request
     * @param beside what else goes on for as long as it is told
     */
    SteadyReads(
            String what, String origin, Sink sink, String token, IntFunction<String> path, Consumer<Duration> beside) {
        var bearer = "Authorization: Bearer " + token + "\r\n";
        this.what = what;
        this.service = new OpenLoop(origin, bearer, CONNECTIONS);
        this.floor = new OpenLoop(sink.origin(), bearer, SINK_CONNECTIONS);
        this.path = path;
        this.beside = beside;
    }

    /** How long the longest request took that was due in each second. */
    private static final class EachSecond implements OpenLoop.Listener {

        private final long begin;
        private final AtomicLongArray longest = new AtomicLongArray((int) SPAN.toSeconds() + 1);

        EachSecond(long begin) {
            this.begin = begin;
        }

        @Override
        public void answered(int number, long dueNanos, int status) {
            long took = System.nanoTime() - dueNanos;
            // The generators begin a moment after the second does, so that the last one is not whole.
            longest.accumulateAndGet((int) ((dueNanos - begin) / 1_000_000_000), took, Math::max);
        }

        double[] millis() {
            return IntStream.range(0, longest.length())
                    .mapToDouble(second -> longest.get(second) / 1e6)
                    .toArray();
        }
    }

    List<Map<String, Object>> run() {
        var first = service.run(CONNECTIONS, Duration.ofSeconds(3), path);
        System.out.println("refused right after the start: " + first.failed());
        var changing = CompletableFuture.runAsync(() -> beside.accept(WARM_UP));
        service.run(PER_SECOND, WARM_UP, path);
        floor.run(PER_SECOND, SPAN.dividedBy(4), path);
        changing.join();
        System.out.printf(
                "%-10s %-8s %8s %8s %8s %8s %8s %9s%n", "", "ms", "p50", "p95", "p99", "max", "failed", "late p99");
        for (int round = 1; round <= ROUNDS; round++) {
            round(round);
        }
        System.out.printf(
                Locale.ROOT,
                "seconds in which the sink stayed below %.0f ms: %d, longest %s in them: %.1f ms%n",
                CALM_MILLIS,
                calm.size(),
                what,
                longestInCalm());
        figures.add(Map.of("calmSeconds", calm.size(), "longestOfEachCalmSecondMs", List.copyOf(calm)));
        return figures;
    }

    private void round(int round) {
        long begin = System.nanoTime();
        var ofService = new EachSecond(begin);
        var ofSink = new EachSecond(begin);
        var changing = CompletableFuture.runAsync(() -> beside.accept(SPAN));
        var sinking = CompletableFuture.supplyAsync(() -> floor.run(SINK_PER_SECOND, SPAN, path, ofSink));
        var read = service.run(PER_SECOND, SPAN, path, ofService);
        var sunk = sinking.join();
        changing.join();
        reads.add(read);
        var longestReads = ofService.millis();
        var longestSinks = ofSink.millis();
        for (int second = 0; second < longestReads.length; second++) {
            // A second without any request of the sink says nothing.
            if (longestReads[second] > 0 && longestSinks[second] > 0 && longestSinks[second] < CALM_MILLIS) {
                calm.add(longestReads[second]);
            }
        }
        add(round, "sink", sunk, longestSinks);
        add(round, what, read, longestReads);
    }

    /** NaN: in no second the sink was quick. */
    private double longestInCalm() {
        return calm.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    }

    /** Judges all rounds so far. */
    List<Map<String, Object>> goals() {
        return List.of(
                Goal.below(
                        "p95 of the worst round, ms",
                        1,
                        reads.stream()
                                .mapToDouble(read -> read.millis(0.95))
                                .max()
                                .orElse(Double.NaN)),
                Goal.below(
                        "longest in %d s in which the sink stayed below %.0f ms, ms"
                                .formatted(calm.size(), CALM_MILLIS),
                        LONGEST_MILLIS,
                        longestInCalm()),
                Goal.none(
                        "reads that failed",
                        reads.stream().mapToLong(OpenLoop.Result::failed).sum()));
    }

    private void add(int round, String name, OpenLoop.Result result, double[] longest) {
        var row = "round " + round;
        System.out.printf(
                Locale.ROOT,
                LINE,
                row,
                name,
                result.millis(0.5),
                result.millis(0.95),
                result.millis(0.99),
                result.worstMillis(),
                result.failed(),
                result.lateMillis(0.99));
        var figure = new LinkedHashMap<String, Object>();
        figure.put("name", row + ", " + name);
        figure.put("round", round);
        figure.put("what", name);
        figure.put("p50Ms", result.millis(0.5));
        figure.put("p95Ms", result.millis(0.95));
        figure.put("p99Ms", result.millis(0.99));
        figure.put("maxMs", result.worstMillis());
        figure.put("failed", result.failed());
        figure.put("generatorLateP99Ms", result.lateMillis(0.99));
        figure.put("longestOfEachSecondMs", Arrays.stream(longest).boxed().toList());
        figures.add(figure);
    }
}
