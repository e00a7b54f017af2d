package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Sink;
import io.syncline.systemtests.load.ViewProbes.Probe;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Single users of the consumer's view, while changes arrive through a provider: of writers, and of probes, which tell how
 * fresh the view is meanwhile. The users who are read are many more than those who change.
 */
final class UsersBench {

    private static final int ROWS = Bench.setting("SYNCLINE_BENCH_ROWS", 500_000);
    private static final int CHANGES = Bench.setting("SYNCLINE_BENCH_CHANGES", 100);
    private static final double FRESH_MILLIS = 1_000;

    private UsersBench() {}

    static List<Map<String, Object>> run() throws IOException, SQLException {
        int ofWriters = CHANGES - LiveView.PROBES_PER_SECOND;
        if (ofWriters <= 0) {
            throw new IllegalArgumentException("SYNCLINE_BENCH_CHANGES is above " + LiveView.PROBES_PER_SECOND
                    + ", which the probes alone make: " + CHANGES);
        }
        try (var platform = new SigningPlatform();
                var sink = new Sink();
                var postgres = new CountingPostgres();
                var view = new LiveView(platform, postgres, Map.of(), Map.of())) {
            view.begin();
            view.awaitFirst();
            // The view is the live one now, so that its number is known.
            UserTable.fill(MeasuredService.dataSource(view.consumerDatabase()), ROWS);
            var changes = new ArrayList<LiveView.Measured>();
            var reads = new SteadyReads(
                    "user",
                    view.consumer().url(),
                    sink,
                    view.token(),
                    UsersBench::path,
                    span -> changes.add(view.change(ofWriters, span)));
            var figures = new ArrayList<>(reads.run());
            figures.addAll(reads.goals());
            // The first one is the warm-up's.
            figures.addAll(freshness(view, changes.subList(1, changes.size())));
            return figures;
        }
    }

    private static List<Map<String, Object>> freshness(LiveView view, List<LiveView.Measured> rounds)
            throws SQLException {
        var probes = new ArrayList<Probe>();
        long made = 0;
        long failed = 0;
        double latest = 0;
        for (var round : rounds) {
            probes.addAll(round.probes());
            made += round.load().changes();
            failed += round.load().failed();
            latest = Math.max(latest, round.load().latestMillis());
        }
        var millis = view.millis(probes);
        System.out.printf(
                Locale.ROOT,
                "%d changes of writers, %d calls failed, the latest ended %.0f ms behind its time%n"
                        + "%d probes until they were seen, ms: p50 %.0f, p95 %.0f, p99 %.0f, longest %.0f%n",
                made,
                failed,
                latest,
                millis.length,
                Spread.at(millis, 0.5),
                Spread.at(millis, 0.95),
                Spread.at(millis, 0.99),
                Spread.at(millis, 1));
        // Without a percentile's key, which would draw it beside times that are a hundredth of it.
        var figure = new LinkedHashMap<String, Object>();
        figure.put("what", "freshness, by probes");
        figure.put("count", millis.length);
        figure.put("seenP50Ms", Spread.at(millis, 0.5));
        figure.put("seenP95Ms", Spread.at(millis, 0.95));
        figure.put("seenP99Ms", Spread.at(millis, 0.99));
        figure.put("seenMaxMs", Spread.at(millis, 1));
        figure.put("changes", made);
        figure.put("failed", failed);
        figure.put("latestMs", latest);
        return List.of(
                figure,
                Goal.below("freshness p95 by probes, ms", FRESH_MILLIS, Spread.at(millis, 0.95)),
                Goal.none("changes that failed", failed));
    }

    private static String path(int request) {
        // A prime far from a part of the rows, so that neighbours are not asked for one after the other.
        return "/users/" + request * 15_485_863L % ROWS;
    }
}
