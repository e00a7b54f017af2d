package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.ScrapedHistogram;
import io.syncline.systemtests.load.SocialLoad;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * From the commit of a change at the provider to the first read at the consumer that shows it, while writers make 500
 * changes a second through the provider's API: over the provider's feed, then over Kafka. Probes of independent readers
 * stand beside the consumer's own meter, and in the end every count beside a recount.
 */
final class FreshnessBench {

    private static final int PER_SECOND = Bench.setting("SYNCLINE_BENCH_CHANGES", 500);
    private static final Duration SPAN = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_SECONDS", 60));
    private static final Duration WARM_UP = Duration.ofSeconds(Bench.setting("SYNCLINE_BENCH_WARM_UP", 30));
    private static final int PARTITIONS = 4;
    private static final String METER = "syncline_view_freshness_seconds";

    private static final String NOTED = """
            select coalesce(sum(changes), 0), coalesce(sum(late_changes), 0), coalesce(max(longest_millis), 0)
            from view_freshness where measured_at > ?""";

    private FreshnessBench() {}

    /** SYNCLINE_BENCH_ROAD names one of the two, http or kafka; both otherwise. */
    static List<Map<String, Object>> run() throws IOException, SQLException {
        var only = System.getenv("SYNCLINE_BENCH_ROAD");
        var figures = new ArrayList<Map<String, Object>>();
        System.out.printf(
                Locale.ROOT, "%d changes/s for %d s after %d s%n", PER_SECOND, SPAN.toSeconds(), WARM_UP.toSeconds());
        System.out.printf("%-22s %8s %8s %8s %8s %8s %8s%n", "ms", "count", "p50", "p95", "p99", "max", "> 1 s");
        if (only == null || only.equals("http")) {
            try (var platform = new SigningPlatform();
                    var postgres = new CountingPostgres()) {
                figures.addAll(measure("http", platform, postgres, null));
            }
        }
        if (only == null || only.equals("kafka")) {
            var broker = broker();
            try (var platform = new SigningPlatform();
                    var postgres = new CountingPostgres()) {
                figures.addAll(measure("kafka", platform, postgres, broker.getBrokersAsString()));
            } finally {
                broker.destroy();
            }
        }
        return figures;
    }

    private static EmbeddedKafkaKraftBroker broker() {
        var broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
        broker.brokerProperty("auto.create.topics.enable", "false");
        broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
        broker.brokerProperty("transaction.state.log.replication.factor", "1");
        broker.brokerProperty("transaction.state.log.min.isr", "1");
        broker.afterPropertiesSet();
        return broker;
    }

    private static List<Map<String, Object>> measure(
            String road, SigningPlatform platform, CountingPostgres postgres, @Nullable String brokers)
            throws IOException, SQLException {
        try (var view = new LiveView(platform, postgres, ofProvider(brokers), ofConsumer(brokers))) {
            view.begin();
            view.change(PER_SECOND, WARM_UP);

            var meterBefore = meter(view);
            var noted = Instant.now();
            var measured = view.change(PER_SECOND, SPAN);
            view.awaitAsOf(Instant.now());
            // Over the feed the view says itself that it has it all; what is on its way to a topic is waited for.
            view.recount(brokers == null ? Duration.ZERO : LiveView.LONGEST);
            var meter = meter(view).since(meterBefore);
            var notes = awaitNotes(view.consumerDatabase(), noted, meter.count());
            var seen = view.millis(measured.probes());
            var figures = new ArrayList<Map<String, Object>>();
            figures.add(probed(road, measured.load(), seen));
            figures.add(metered(road, meter, notes));
            figures.add(Goal.below(road + ", probes p95, ms", 1_000, Spread.at(seen, 0.95)));
            figures.add(Goal.atMost(
                    road + ", longest of probes and meter, ms",
                    10_000,
                    Math.max(Spread.at(seen, 1), notes.longestMillis())));
            return figures;
        }
    }

    private static Map<String, String> ofProvider(@Nullable String brokers) {
        return brokers == null
                ? Map.of()
                : Map.of(
                        "syncline.provider.kafka.bootstrap-servers",
                        brokers,
                        "syncline.provider.kafka.partitions",
                        String.valueOf(PARTITIONS),
                        "syncline.provider.kafka.replication",
                        "1");
    }

    private static Map<String, String> ofConsumer(@Nullable String brokers) {
        return brokers == null ? Map.of() : Map.of("syncline.kafka.bootstrap-servers", brokers);
    }

    private static ScrapedHistogram meter(LiveView view) {
        return ScrapedHistogram.of(
                view.get(view.consumer(), "/actuator/prometheus").expect(200).text(), METER);
    }

    /** Changes, those of them that took more than a second, and the longest in ms, as the scheduled check sums them up. */
    private record Notes(long changes, long late, long longestMillis) {}

    private static Notes awaitNotes(String url, Instant since, long changes) throws SQLException {
        long end = System.nanoTime() + LiveView.LONGEST.toNanos();
        while (true) {
            var notes = notes(url, since);
            if (notes.changes() >= changes) {
                return notes;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("noted " + notes + " of " + changes + " changes");
            }
            LockSupport.parkNanos(200_000_000);
        }
    }

    private static Notes notes(String url, Instant since) throws SQLException {
        try (var connection = DriverManager.getConnection(url, CountingPostgres.USER, CountingPostgres.PASSWORD);
                var statement = connection.prepareStatement(NOTED)) {
            statement.setObject(1, since.atOffset(ZoneOffset.UTC));
            try (var row = statement.executeQuery()) {
                row.next();
                return new Notes(row.getLong(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    private static Map<String, Object> probed(String road, SocialLoad.Result load, double[] sorted) {
        long late = Arrays.stream(sorted).filter(millis -> millis > 1000).count();
        print(
                road + ", probes",
                sorted.length,
                Spread.at(sorted, 0.5),
                Spread.at(sorted, 0.95),
                Spread.at(sorted, 0.99),
                Spread.at(sorted, 1),
                late);
        System.out.printf(
                Locale.ROOT,
                "  %d changes, %d calls failed, the latest ended %.0f ms behind its time%n",
                load.changes(),
                load.failed(),
                load.latestMillis());
        var figures = new LinkedHashMap<String, Object>();
        figures.put("name", road + ", probes");
        figures.put("road", road);
        figures.put("by", "probes");
        figures.put("count", sorted.length);
        figures.put("p50Ms", Spread.at(sorted, 0.5));
        figures.put("p95Ms", Spread.at(sorted, 0.95));
        figures.put("p99Ms", Spread.at(sorted, 0.99));
        figures.put("maxMs", Spread.at(sorted, 1));
        figures.put("changes", load.changes());
        figures.put("failed", load.failed());
        figures.put("latestMs", load.latestMillis());
        return figures;
    }

    private static Map<String, Object> metered(String road, ScrapedHistogram meter, Notes notes) {
        // A quantile is estimated within its bucket, and may lie behind everything that is in it.
        double p50 = Math.min(meter.quantile(0.5) * 1000, notes.longestMillis());
        double p95 = Math.min(meter.quantile(0.95) * 1000, notes.longestMillis());
        double p99 = Math.min(meter.quantile(0.99) * 1000, notes.longestMillis());
        print(road + ", meter", meter.count(), p50, p95, p99, notes.longestMillis(), notes.late());
        return Map.of(
                "name",
                road + ", meter",
                "road",
                road,
                "by",
                "meter",
                "count",
                meter.count(),
                "p50Ms",
                p50,
                "p95Ms",
                p95,
                "p99Ms",
                p99,
                "maxMs",
                notes.longestMillis());
    }

    private static void print(String what, long count, double p50, double p95, double p99, double max, long late) {
        System.out.printf(
                Locale.ROOT, "%-22s %8d %8.0f %8.0f %8.0f %8.0f %8d%n", what, count, p50, p95, p99, max, late);
    }
}
