package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.OpenLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The whole way at a steady rate: a message by REST with a token, five ASYNC tasks, five calls with a token of the platform,
 * each taken with 202, five callbacks with figures that balance, the run COMPLETED. Timed from the moment the message was due
 * to the answer to the last callback, which comes after the commit that completes the run.
 */
final class PathBench {

    /** A little more than the goal's 480, which could else be met by no rounding. */
    private static final int TRIGGERS = Bench.setting("SYNCLINE_BENCH_TRIGGERS", 484);

    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 60));
    private static final Duration WARM_UP = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_WARM_UP", 90));
    private static final Duration ALL_WITHIN = Duration.ofMinutes(2);
    private static final String LINE = "%-10s %9d %9.0f %9.1f %9.1f %9.1f %9.1f %9.1f %9.1f %9d%n";

    private final MeasuredPlatform platform;
    private final OpenLoop loop;
    private final ReportedGroup group;
    private final List<Map<String, Object>> figures = new ArrayList<>();

    private PathBench(MeasuredPlatform platform, ReportedGroup group) {
        this.platform = platform;
        this.loop = group.loop(platform.node());
        this.group = group;
    }

    static List<Map<String, Object>> run() throws IOException {
        try (var postgres = new CountingPostgres();
                var platform = new MeasuredPlatform(
                        postgres.database("syncline"), Files.createTempDirectory("syncline-bench"))) {
            var node = platform.start(Bench.recorded(List.of("-Xmx512m", "-Xms512m"), "path"), Map.of());
            try (var group = new ReportedGroup(platform, List.of(node), "path")) {
                var bench = new PathBench(platform, group);
                System.out.printf(
                        "%-10s %9s %9s %9s %9s %9s %9s %9s %9s %9s%n",
                        "",
                        "messages",
                        "tasks/s",
                        "p50 ms",
                        "p95 ms",
                        "p99 ms",
                        "max ms",
                        "behind s",
                        "late p99",
                        "lost");
                bench.phase(Plots.WARM_UP, TRIGGERS / 2, WARM_UP);
                var half = bench.phase("half", TRIGGERS / 2, SPAN);
                var full = bench.phase("full", TRIGGERS, SPAN);
                bench.figures.add(Goal.atLeast("task runs a second", 2_400, full.rate()));
                bench.figures.add(Goal.below("p99 at half that rate, ms", 250, half.p99()));
                // One that was refused is lost where its run did not complete; a task that was called twice reports
                // twice.
                bench.figures.add(Goal.none("messages of which a callback was lost", half.lost() + full.lost()));
                return bench.figures;
            }
        }
    }

    private record Phase(double rate, double p99, int lost) {}

    private Phase phase(String name, int perSecond, Duration span) {
        int count = loop.requests(perSecond, span);
        var downstream = group.downstream();
        var due = new long[count];
        platform.work().watchStatements();
        var work = platform.work().counts();
        long appliedBefore = downstream.applied();
        var result = loop.post(
                "/api/v1/triggers",
                perSecond,
                span,
                n -> MeasuredPlatform.message(group.key(), name + "-" + n),
                (n, dueNanos, status) -> due[n] = status == 202 ? dueNanos : 0);
        long sent = System.nanoTime();
        int taken = (int) Arrays.stream(due).filter(nanos -> nanos != 0).count();
        while (downstream.applied() - appliedBefore < (long) taken * ReportedGroup.TASKS
                && System.nanoTime() - sent < ALL_WITHIN.toNanos()) {
            Pauses.millis(20);
        }
        double behind = (System.nanoTime() - sent) / 1e9;
        var nanos = new ArrayList<Long>();
        var slowest = new long[(int) span.toSeconds()];
        long first = Long.MAX_VALUE;
        long last = 0;
        int lost = 0;
        for (int n = 0; n < count; n++) {
            if (due[n] != 0) {
                long reported = group.reportedNanos(name + "-" + n);
                if (reported == 0) {
                    lost++;
                } else {
                    nanos.add(reported - due[n]);
                    int second = n / perSecond;
                    slowest[second] = Math.max(slowest[second], reported - due[n]);
                    first = Math.min(first, due[n]);
                    last = Math.max(last, reported);
                }
            }
        }
        var took = nanos.stream().mapToLong(Long::longValue).toArray();
        double rate = (double) took.length * ReportedGroup.TASKS / ((last - first) / 1e9);
        long completed = platform.work()
                .number("select count(*) from run where group_key = '" + group.key() + "' and business_key like 'key-"
                        + name + "-%' and state = 'COMPLETED'");
        if (completed != taken) {
            lost = Math.max(lost, (int) (taken - completed));
        }
        System.out.printf(
                Locale.ROOT,
                LINE,
                name,
                taken,
                rate,
                Spread.millis(took, 0.5),
                Spread.millis(took, 0.95),
                Spread.millis(took, 0.99),
                Spread.millis(took, 1),
                behind,
                result.lateMillis(0.99),
                lost);
        var used = platform.work().counts().minus(work);
        platform.work().tellStatements();
        var figure = new LinkedHashMap<String, Object>();
        figure.put("name", name);
        figure.put("messagesPerSecond", perSecond);
        figure.put("answers", result.statuses());
        figure.put("tasksPerSecond", rate);
        figure.put("p50Ms", Spread.millis(took, 0.5));
        figure.put("p95Ms", Spread.millis(took, 0.95));
        figure.put("p99Ms", Spread.millis(took, 0.99));
        figure.put("maxMs", Spread.millis(took, 1));
        figure.put(
                "slowestOfEachSecondMs",
                Arrays.stream(slowest).map(worst -> worst / 1_000_000).toArray());
        figure.put("behindSeconds", behind);
        figure.put("generatorLateP99Ms", result.lateMillis(0.99));
        figure.put("callbacksRefused", downstream.refused());
        figure.put("callbacksToldToComeBack", downstream.busy());
        figure.put("callbacksWithoutAnswer", downstream.unanswered());
        figure.put("lost", lost);
        figure.put("statementsPerTask", (double) used.statements() / took.length / ReportedGroup.TASKS);
        figure.put("commitsPerTask", (double) used.commits() / took.length / ReportedGroup.TASKS);
        figures.add(figure);
        System.out.printf(
                Locale.ROOT,
                "           answers %s, callbacks told to come back %d, refused %d, per task %.2f statements, %.3f commits%n",
                result.statuses(),
                downstream.busy(),
                downstream.refused(),
                (double) used.statements() / took.length / ReportedGroup.TASKS,
                (double) used.commits() / took.length / ReportedGroup.TASKS);
        System.out.println("           slowest of each second, ms: "
                + Arrays.stream(slowest)
                        .mapToObj(worst -> Long.toString(worst / 1_000_000))
                        .collect(Collectors.joining(" ")));
        return new Phase(rate, Spread.millis(took, 0.99), lost);
    }
}
