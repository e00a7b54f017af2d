package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.OpenLoop;
import io.syncline.systemtests.load.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * GETs at a fixed rate over kept connections, whether the service keeps up or not. Each round is the bare sink, the service
 * and the sink again under the same generator, a minute in all, so that the sink tells what the machine did in that minute.
 */
final class SteadyReads {

    private static final int PER_SECOND = 1_000;
    private static final int CONNECTIONS = 20;
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 3);
    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 30));
    private static final String LINE = "%-6d %-10s %8.2f %8.2f %8.2f %8.1f %8d%n";

    private final String what;
    private final OpenLoop service;
    private final OpenLoop floor;
    private final IntFunction<String> path;
    private final List<Map<String, Object>> figures = new ArrayList<>();

    /**
     * @param what is read, in the figures
     * @param token of a caller who may read it
     * @param path of the n-th request
     */
    SteadyReads(String what, String origin, Sink sink, String token, IntFunction<String> path) {
        var bearer = "Authorization: Bearer " + token + "\r\n";
        this.what = what;
        this.service = new OpenLoop(origin, bearer, CONNECTIONS);
        this.floor = new OpenLoop(sink.origin(), bearer, CONNECTIONS);
        this.path = path;
    }

    List<Map<String, Object>> run() {
        var first = service.run(CONNECTIONS, Duration.ofSeconds(3), path);
        System.out.println("refused right after the start: " + first.failed());
        // The compiler needs some 100,000 requests until it is done with the whole way: before that, its own work is measured.
        service.run(PER_SECOND, SPAN.multipliedBy(4), path);
        floor.run(PER_SECOND, SPAN.dividedBy(4), path);
        System.out.printf("%-6s %-10s %8s %8s %8s %8s %8s%n", "round", "ms", "p50", "p95", "p99", "max", "failed");
        for (int round = 1; round <= ROUNDS; round++) {
            var before = floor.run(PER_SECOND, SPAN.dividedBy(2), path);
            var reads = service.run(PER_SECOND, SPAN, path);
            var after = floor.run(PER_SECOND, SPAN.dividedBy(2), path);
            add(round, "floor", before.and(after));
            add(round, what, reads);
        }
        return figures;
    }

    private void add(int round, String name, OpenLoop.Result result) {
        System.out.printf(
                Locale.ROOT,
                LINE,
                round,
                name,
                result.millis(0.5),
                result.millis(0.95),
                result.millis(0.99),
                result.worstMillis(),
                result.failed());
        var figure = new LinkedHashMap<String, Object>();
        figure.put("round", round);
        figure.put("what", name);
        figure.put("p50Ms", result.millis(0.5));
        figure.put("p95Ms", result.millis(0.95));
        figure.put("p99Ms", result.millis(0.99));
        figure.put("maxMs", result.worstMillis());
        figure.put("failed", result.failed());
        figures.add(figure);
    }
}
