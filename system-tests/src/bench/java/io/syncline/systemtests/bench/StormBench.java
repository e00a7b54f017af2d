package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Flood;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Ten thousand messages within one second for a node with a heap of 256 MB: each is taken or sent away, none of the taken is
 * lost. They are offered within that second whether the node keeps up or not: 5,000 connections stand before it begins.
 */
final class StormBench {

    private static final int MESSAGES = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 10_000);
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 3);
    private static final int CONNECTIONS = 5_000;
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);
    private static final Duration ALL_WITHIN = Duration.ofMinutes(2);
    private static final String GROUP = "storm";

    /** Of the interface: who is sent away in an overload hears it within 2 s. */
    private static final double ANSWERED_IN_OVERLOAD_MILLIS = 2_000;

    private static final double MEMORY_GROWTH = 1.1;

    /** Messages that are offered later than that are no storm any more. */
    private static final double LATE_MILLIS = 200;

    private static final int TAKEN = 202;
    private static final int DUPLICATE = 200;
    private static final int NOT_KNOWN = 503;
    private static final Set<Integer> REFUSED = Set.of(429, NOT_KNOWN);
    private static final int UNANSWERED = 0;

    private StormBench() {}

    private record Storm(
            Flood.Result offered, long[] refusedNanos, long lost, int mostResident, double allDoneSeconds) {

        double lateMillis() {
            return offered.answers().lateMillis(0.99);
        }

        /** NaN: none was sent away. */
        double refusedMillis(double part) {
            return refusedNanos.length == 0 ? Double.NaN : Spread.millis(refusedNanos, part);
        }

        long unanswered() {
            return offered.answers().statuses().getOrDefault(UNANSWERED, 0L);
        }

        /** Answered 503: whether they are stored is not known. */
        long notKnown() {
            return offered.answers().statuses().getOrDefault(NOT_KNOWN, 0L);
        }

        /** A message that was sent again may have been taken the first time. */
        long strange() {
            long strange = offered.refusedForGood();
            for (var answers : offered.answers().statuses().entrySet()) {
                int status = answers.getKey();
                if (status == DUPLICATE) {
                    strange += Math.max(0, answers.getValue() - offered.sentAgain());
                } else if (status != TAKEN && status != UNANSWERED && !REFUSED.contains(status)) {
                    strange += answers.getValue();
                }
            }
            return strange;
        }
    }

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
                    "%-8s %-28s %9s %9s %9s %11s %9s %9s %9s %10s %10s%n",
                    "round",
                    "answers",
                    "p50 ms",
                    "p99 ms",
                    "max ms",
                    "refused p99",
                    "late p99",
                    "again",
                    "lost",
                    "resident",
                    "all done s");
            var storms = new ArrayList<Storm>();
            for (int round = 1; round <= ROUNDS; round++) {
                var storm = storm(platform, node, round);
                print(round, storm);
                if (storm.strange() > 0) {
                    throw node.failure("not each message was taken or sent away for a while: "
                            + storm.offered().answers().statuses() + ", without Retry-After "
                            + storm.offered().refusedForGood());
                }
                storms.add(storm);
                if (storm.lateMillis() <= LATE_MILLIS) {
                    figures.add(row("round " + round, storm));
                } else {
                    System.out.println("no figure: they were not offered within a second");
                }
            }
            if (figures.isEmpty()) {
                throw new IllegalStateException("in no round were the messages offered within a second");
            }
            figures.addAll(goals(storms, node));
        }
        return figures;
    }

    private static List<Map<String, Object>> goals(List<Storm> storms, ServiceProcess node) {
        return List.of(
                Goal.none(
                        "acknowledged and lost",
                        storms.stream().mapToLong(Storm::lost).sum()),
                Goal.none(
                        "without an answer",
                        storms.stream().mapToLong(Storm::unanswered).sum()),
                Goal.none(
                        "answers but 202, and 429 with Retry-After",
                        storms.stream()
                                .mapToLong(storm -> storm.strange() + storm.notKnown())
                                .sum()),
                Goal.atMost(
                        "sent away after so many ms at p99, the middle round",
                        ANSWERED_IN_OVERLOAD_MILLIS,
                        Spread.of(storms.stream()
                                        .map(storm -> storm.refusedNanos().length == 0 ? 0 : storm.refusedMillis(0.99))
                                        .toList())
                                .median()),
                Goal.atMost(
                        "memory held after the last round, by that after the first",
                        MEMORY_GROWTH,
                        (double) storms.get(storms.size() - 1).mostResident()
                                / storms.get(0).mostResident()),
                Goal.none("out of memory", node.logContains("OutOfMemoryError") ? 1 : 0));
    }

    private static Storm storm(MeasuredPlatform platform, ServiceProcess node, int round) throws IOException {
        var taken = ConcurrentHashMap.<Integer>newKeySet();
        var refused = new ConcurrentLinkedQueue<Long>();
        Flood.Result offered;
        long began;
        try (var flood = new Flood(node.url(), platform.triggerHeaders(), Math.min(CONNECTIONS, MESSAGES))) {
            began = System.nanoTime();
            offered = flood.post(
                    "/api/v1/triggers",
                    MESSAGES,
                    Duration.ofSeconds(1),
                    n -> MeasuredPlatform.message(GROUP, round + "-" + n),
                    ANSWERED_WITHIN,
                    (n, due, status) -> {
                        if (status == TAKEN || status == DUPLICATE) {
                            taken.add(n);
                        } else if (REFUSED.contains(status)) {
                            refused.add(System.nanoTime() - due);
                        }
                    });
        }
        double done;
        long end = System.nanoTime() + ALL_WITHIN.toNanos();
        long lost;
        do {
            Pauses.millis(50);
            lost = missing(platform, round, taken);
            done = (System.nanoTime() - began) / 1e9;
        } while (lost > 0 && System.nanoTime() < end);
        var refusedNanos = refused.stream().mapToLong(Long::longValue).toArray();
        return new Storm(offered, refusedNanos, lost, ServiceHeap.mostResident(node), done);
    }

    /** How many of the messages that were taken have no run that completed. */
    private static long missing(MeasuredPlatform platform, int round, Set<Integer> taken) {
        var mine = " from run where group_key = '" + GROUP + "' and business_key like 'key-" + round
                + "-%' and state = 'COMPLETED'";
        long completed = platform.work().number("select count(*)" + mine);
        if (completed < taken.size()) {
            return taken.size() - completed;
        }
        // One that was never answered may have completed too: it must not stand in for one that was acknowledged.
        var there = new HashSet<>(platform.work().texts("select business_key" + mine));
        return taken.stream()
                .filter(n -> !there.contains("key-" + round + "-" + n))
                .count();
    }

    private static void print(int round, Storm storm) {
        var answers = storm.offered().answers();
        System.out.printf(
                Locale.ROOT,
                "%-8d %-28s %9.0f %9.0f %9.0f %11.0f %9.1f %9d %9d %7d MB %10.1f%n",
                round,
                answers.statuses(),
                answers.millis(0.5),
                answers.millis(0.99),
                answers.worstMillis(),
                storm.refusedMillis(0.99),
                storm.lateMillis(),
                storm.offered().sentAgain(),
                storm.lost(),
                storm.mostResident(),
                storm.allDoneSeconds());
    }

    private static Map<String, Object> row(String name, Storm storm) {
        var answers = storm.offered().answers();
        var row = new LinkedHashMap<String, Object>();
        row.put("name", name);
        row.put("answers", answers.statuses());
        row.put("p50Ms", answers.millis(0.5));
        row.put("p99Ms", answers.millis(0.99));
        row.put("maxMs", answers.worstMillis());
        if (storm.refusedNanos().length > 0) {
            row.put("refusedP50Ms", storm.refusedMillis(0.5));
            row.put("refusedP99Ms", storm.refusedMillis(0.99));
        }
        row.put("generatorLateP99Ms", storm.lateMillis());
        row.put("sentAgain", storm.offered().sentAgain());
        row.put("lost", storm.lost());
        row.put("mostResidentMegabytes", storm.mostResident());
        row.put("allDoneSeconds", storm.allDoneSeconds());
        return row;
    }
}
