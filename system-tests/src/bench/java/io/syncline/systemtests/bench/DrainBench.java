package io.syncline.systemtests.bench;

import io.syncline.systemtests.bench.peer.PeerProcess;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Drain;
import io.syncline.systemtests.load.MeasuredPlatform;
import io.syncline.systemtests.load.Sink;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A backlog of runs of one task, all due at once, worked off by the platform and by its peers, in turn. All share one
 * PostgreSQL, one sink and the cores; each has a JVM of its own that stays, and all have warmed up with two rounds before the first
 * one counts. Who begins changes from round to round. Quartz and JobRunr get fewer tasks.
 */
final class DrainBench {

    private static final int RUNS = Bench.setting("SYNCLINE_BENCH_RUNS", 20_000);
    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 7);
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

    /**
     * @param rates of each contender, round by round
     * @param work of the first contender
     */
    private record Measured(Map<String, List<Double>> rates, List<Figure> work) {

        List<Double> of(String name) {
            return Objects.requireNonNull(rates.get(name), name);
        }

        /** Round by round. */
        List<Double> ratios(String one, String other) {
            return IntStream.range(0, of(one).size())
                    .mapToObj(round -> of(one).get(round) / of(other).get(round))
                    .toList();
        }

        double ratio(String one, String other) {
            return Spread.of(ratios(one, other)).median();
        }

        double middle(Function<Figure, Double> cost) {
            return Spread.of(work.stream().map(cost).toList()).median();
        }
    }

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
                var measured = measure(List.of(
                        ours(OURS, drain),
                        peer(ownClient, RUNS),
                        peer(ourClient, RUNS),
                        peer(quartz, Math.min(RUNS, RUNS_OF_QUARTZ)),
                        peer(jobRunr, Math.min(RUNS, RUNS_OF_JOBRUNR))));
                var figures = table(measured, "ours by it", name -> measured.ratios(OURS, name));
                figures.add(work(measured));
                figures.add(Goal.atLeast("of db-scheduler, its JDK client", 2, measured.ratio(OURS, ownClient.name())));
                figures.add(Goal.atLeast("of db-scheduler, our client", 1.2, measured.ratio(OURS, ourClient.name())));
                figures.add(Goal.atLeast("of Quartz, clustered, tuned", 10, measured.ratio(OURS, quartz.name())));
                figures.add(Goal.atLeast("of JobRunr", 5, measured.ratio(OURS, jobRunr.name())));
                figures.add(Goal.atMost("statements a run", 0.5, measured.middle(Figure::statements)));
                figures.add(Goal.atMost("commits a run", 0.1, measured.middle(Figure::commits)));
                return figures;
            }
        }
    }

    /** One node, and two on the same cores: each on a database of its own, so that neither inherits the other's rows. */
    static List<Map<String, Object>> twoNodes() throws IOException {
        try (var postgres = new CountingPostgres();
                var sink = new Sink();
                var single =
                        new MeasuredPlatform(postgres.database("one"), Files.createTempDirectory("syncline-bench"));
                var both =
                        new MeasuredPlatform(postgres.database("two"), Files.createTempDirectory("syncline-bench"))) {
            single.start(Bench.recorded(JVM, "drain-2-single"), Map.of());
            both.start(Bench.recorded(JVM, "drain-2-first"), Map.of());
            both.start(Bench.recorded(JVM, "drain-2-second"), Map.of());
            var measured = measure(List.of(
                    ours(OURS, new Drain(single, sink, CONCURRENCY)),
                    ours(TWO_NODES, new Drain(both, sink, CONCURRENCY))));
            var figures = table(measured, "it by one node", name -> measured.ratios(name, OURS));
            figures.add(work(measured));
            System.out.println("two nodes by one, each round: "
                    + measured.ratios(TWO_NODES, OURS).stream()
                            .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                            .collect(Collectors.joining(" ")));
            figures.add(Goal.atLeast("two nodes by one", 0.9, measured.ratio(TWO_NODES, OURS)));
            return figures;
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

    private static Measured measure(List<Contender> contenders) {
        var rates = new LinkedHashMap<String, List<Double>>();
        contenders.forEach(contender -> rates.put(contender.name(), new ArrayList<>()));
        var work = new ArrayList<Figure>();
        for (int round = 1 - WARM_UPS; round <= ROUNDS; round++) {
            // What one leaves behind, such as a vacuum that is due, must not meet the same one each time.
            var order = new ArrayList<>(contenders);
            Collections.rotate(order, round);
            for (var contender : order) {
                var figure =
                        contender.rounds().run(round <= 0 ? Math.min(WARM_UP, contender.tasks()) : contender.tasks());
                System.out.printf(
                        Locale.ROOT,
                        "%s %-22s %8.0f/s%n",
                        round <= 0 ? "warm-up" : "round " + round,
                        contender.name(),
                        figure.rate());
                if (round > 0) {
                    Objects.requireNonNull(rates.get(contender.name())).add(figure.rate());
                    if (contender == contenders.get(0)) {
                        work.add(figure);
                    }
                }
            }
        }
        return new Measured(rates, work);
    }

    /** @param ratios of each contender, round by round */
    private static List<Map<String, Object>> table(
            Measured measured, String ratio, Function<String, List<Double>> ratios) {
        var figures = new ArrayList<Map<String, Object>>();
        System.out.printf(
                "%-24s %10s %10s %10s   %s%n", "per second", "least", "median", "most", ratio + ", least/median/most");
        measured.rates().forEach((name, all) -> {
            var spread = Spread.of(all);
            var by = Spread.of(ratios.apply(name));
            System.out.printf(
                    Locale.ROOT,
                    "%-24s %10.0f %10.0f %10.0f   %.2f / %.2f / %.2f%n",
                    name,
                    spread.least(),
                    spread.median(),
                    spread.most(),
                    by.least(),
                    by.median(),
                    by.most());
            figures.add(Map.of("name", name, "perSecond", all, "median", spread.median(), ratio, ratios.apply(name)));
        });
        return figures;
    }

    /** Medians of what a run of the first contender costs the database. */
    private static Map<String, Object> work(Measured measured) {
        double statements = measured.middle(Figure::statements);
        double commits = measured.middle(Figure::commits);
        System.out.printf(Locale.ROOT, "per run: %.3f statements, %.4f commits (medians)%n", statements, commits);
        return Map.of("name", "per run", "statements", statements, "commits", commits);
    }
}
