package io.syncline.systemtests.bench;

import io.syncline.systemtests.bench.peer.PeerProcess;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Drain;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A backlog of runs of one task, all due at once, worked off by the platform and by its peers, in turn. All share one
 * PostgreSQL, one sink and the cores; each has a JVM of its own that stays, and all have warmed up with the same number of
 * tasks before the first round counts.
 */
final class DrainBench {

    private static final int RUNS = Bench.setting("SYNCLINE_BENCH_RUNS", 20_000);
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 5);
    private static final int WARM_UPS = 2;
    private static final int WARM_UP = 20_000;
    private static final int CONCURRENCY = 128;

    /** So few that a round of a peer that is slow ends within half a minute; fewer favour it, its backlog is shorter. */
    private static final int RUNS_OF_QUARTZ = 3_000;

    private static final int RUNS_OF_JOBRUNR = 10_000;
    private static final List<String> JVM = List.of("-Xmx512m", "-Xms512m");
    private static final String TWO_NODES = "syncline, 2 nodes";
    private static final String OURS = "syncline";

    private DrainBench() {}

    private record Contender(String name, int tasks, Rounds rounds) {}

    private interface Rounds {
        Figure run(int tasks);
    }

    private record Figure(double rate, double statements, double commits) {}

    /** One node beside the peers. */
    static List<Map<String, Object>> besidePeers() throws IOException {
        var folder = Bench.folder();
        var home = Files.createTempDirectory("syncline-bench");
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var platform = new MeasuredPlatform(postgres.database("syncline"), home)) {
            platform.start(Bench.recorded(JVM, "drain"), Map.of());
            var drain = new Drain(platform, sink, CONCURRENCY);
            var post = sink.origin() + "/sync";
            try (var ownClient = PeerProcess.dbScheduler(postgres.database("own"), post, "JDK", JVM, folder);
                    var ourClient = PeerProcess.dbScheduler(postgres.database("our"), post, "APACHE", JVM, folder);
                    var quartz = PeerProcess.quartz(postgres.database("quartz"), post, JVM, folder);
                    var jobRunr = PeerProcess.jobRunr(postgres.database("jobrunr"), post, JVM, folder)) {
                return measure(List.of(
                        ours(OURS, drain),
                        peer(ownClient, RUNS),
                        peer(ourClient, RUNS),
                        peer(quartz, Math.min(RUNS, RUNS_OF_QUARTZ)),
                        peer(jobRunr, Math.min(RUNS, RUNS_OF_JOBRUNR))));
            }
        }
    }

    /** One node, and two on the same cores: each on a database of its own, so that neither inherits the other's rows. */
    static List<Map<String, Object>> twoNodes() throws IOException {
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var single = new MeasuredPlatform(
                        postgres.database("one"), Files.createTempDirectory("syncline-bench"));
                var both = new MeasuredPlatform(
                        postgres.database("two"), Files.createTempDirectory("syncline-bench"))) {
            single.start(JVM, Map.of());
            both.start(JVM, Map.of());
            both.start(JVM, Map.of());
            return measure(List.of(
                    ours(OURS, new Drain(single, sink, CONCURRENCY)),
                    ours(TWO_NODES, new Drain(both, sink, CONCURRENCY))));
        }
    }

    private static Contender ours(String name, Drain drain) {
        return new Contender(name, RUNS, tasks -> {
            var result = drain.run(tasks);
            return new Figure(result.rate(), result.statementsPerRun(), result.commitsPerRun());
        });
    }

    private static Contender peer(PeerProcess process, int tasks) {
        return new Contender(process.name(), tasks, count -> new Figure(process.rate(count), Double.NaN, Double.NaN));
    }

    private static List<Map<String, Object>> measure(List<Contender> contenders) {
        var rates = new LinkedHashMap<String, List<Double>>();
        var work = new ArrayList<Figure>();
        for (int round = 1 - WARM_UPS; round <= ROUNDS; round++) {
            for (var contender : contenders) {
                var figure = contender.rounds().run(round <= 0 ? Math.min(WARM_UP, contender.tasks()) : contender.tasks());
                System.out.printf(
                        Locale.ROOT,
                        "%s %-22s %8.0f/s%n",
                        round <= 0 ? "warm-up" : "round " + round,
                        contender.name(),
                        figure.rate());
                if (round > 0) {
                    rates.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                            .add(figure.rate());
                    if (contender == contenders.get(0)) {
                        work.add(figure);
                    }
                }
            }
        }
        return table(contenders.get(0).name(), rates, work);
    }

    private static List<Map<String, Object>> table(
            String ours, Map<String, List<Double>> rates, List<Figure> work) {
        var figures = new ArrayList<Map<String, Object>>();
        var oursAll = Objects.requireNonNull(rates.get(ours));
        System.out.printf("%-24s %10s %10s %10s   %s%n", "per second", "least", "median", "most", "ours by it, least/median/most");
        rates.forEach((name, all) -> {
            var spread = Spread.of(all);
            var ratios = new ArrayList<Double>();
            for (int i = 0; i < all.size(); i++) {
                ratios.add(oursAll.get(i) / all.get(i));
            }
            var ratio = Spread.of(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %10.0f %10.0f %10.0f   %.2f / %.2f / %.2f%n",
                    name,
                    spread.least(),
                    spread.median(),
                    spread.most(),
                    ratio.least(),
                    ratio.median(),
                    ratio.most());
            figures.add(Map.of("name", name, "perSecond", all, "median", spread.median(), "oursByIt", ratios));
        });
        var statements = Spread.of(work.stream().map(Figure::statements).toList());
        var commits = Spread.of(work.stream().map(Figure::commits).toList());
        System.out.printf(
                Locale.ROOT,
                "per run: %.3f statements, %.4f commits (medians)%n",
                statements.median(),
                commits.median());
        figures.add(Map.of("name", "per run", "statements", statements.median(), "commits", commits.median()));
        return figures;
    }
}
