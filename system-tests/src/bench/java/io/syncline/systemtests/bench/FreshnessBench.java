package io.syncline.systemtests.bench;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.load.Counts;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.ScrapedHistogram;
import io.syncline.systemtests.load.SocialLoad;
import io.syncline.systemtests.load.ViewProbes;
import io.syncline.systemtests.load.ViewProbes.Probe;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    private static final int USERS = 2_000;
    private static final int WRITERS = 16;
    private static final int PROBERS = 20;
    private static final Duration PROBE_EVERY = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;
    private static final List<String> JVM = List.of("-Xms256m", "-Xmx256m");
    private static final String METER = "syncline_view_freshness_seconds";

    private static final String COMMITTED = """
            select row_key, committed_at from change_event where dataset_name = 'follows' and row_key like 'probe-%'
            order by dataset_seq""";

    private static final String NOTED = """
            select coalesce(sum(changes), 0), coalesce(sum(late_changes), 0), coalesce(max(longest_millis), 0)
            from view_freshness where measured_at > ?""";

    private final SigningPlatform platform;
    private final CountingPostgres postgres;
    private final @Nullable String brokers;
    private final Path home;
    private @Nullable String token;
    private Instant tokenSince = Instant.EPOCH;

    private FreshnessBench(SigningPlatform platform, CountingPostgres postgres, @Nullable String brokers)
            throws IOException {
        this.platform = platform;
        this.postgres = postgres;
        this.brokers = brokers;
        this.home = Files.createTempDirectory("syncline-freshness");
    }

    /** SYNCLINE_BENCH_ROAD names one of the two, http or kafka; both otherwise. */
    static List<Map<String, Object>> run() throws IOException, SQLException {
        var only = System.getenv("SYNCLINE_BENCH_ROAD");
        var figures = new ArrayList<Map<String, Object>>();
        System.out.printf(Locale.ROOT, "%d changes/s for %d s after %d s%n", PER_SECOND, SPAN.toSeconds(), WARM_UP.toSeconds());
        System.out.printf(
                "%-22s %8s %8s %8s %8s %8s %8s%n", "ms", "count", "p50", "p95", "p99", "max", "> 1 s");
        if (only == null || only.equals("http")) {
            try (var platform = new SigningPlatform();
                    var postgres = new CountingPostgres()) {
                figures.addAll(new FreshnessBench(platform, postgres, null).measure("http"));
            }
        }
        if (only == null || only.equals("kafka")) {
            var broker = broker();
            try (var platform = new SigningPlatform();
                    var postgres = new CountingPostgres()) {
                figures.addAll(new FreshnessBench(platform, postgres, broker.getBrokersAsString()).measure("kafka"));
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

    private synchronized String token() {
        // A new one long before the last one ends.
        if (token == null || tokenSince.plusSeconds(120).isBefore(Instant.now())) {
            token = platform.token("data:read triggers:write runs:read");
            tokenSince = Instant.now();
        }
        return token;
    }

    private List<Map<String, Object>> measure(String road) throws SQLException {
        var providerDatabase = postgres.database("provider");
        var consumerDatabase = postgres.database("consumer");
        try (var provider = startProvider(providerDatabase).awaitReady(Duration.ofSeconds(120));
                var consumer = startConsumer(consumerDatabase, provider.url()).awaitReady(Duration.ofSeconds(120))) {
            awaitKeys(provider, "/datasets");
            awaitKeys(consumer, "/users/load-0");
            var load = new SocialLoad(provider.url(), this::token, USERS, WRITERS);
            var probes = new ViewProbes(provider.url(), List.of(consumer.url()), this::token, PROBERS);
            load.createUsers();
            probes.createUsers();
            both(load, probes, WARM_UP);

            var meterBefore = meter(consumer);
            var noted = Instant.now();
            var measured = both(load, probes, SPAN);
            awaitAsOf(consumer, Instant.now());
            recount(consumer, load.expected());
            var meter = meter(consumer).since(meterBefore);
            var notes = awaitNotes(consumerDatabase, noted, meter.count());
            var seen = millis(measured.probes(), committed(providerDatabase));
            return List.of(
                    probed(road, measured.load(), seen),
                    metered(road, meter, notes));
        }
    }

    private record Measured(SocialLoad.Result load, List<Probe> probes) {}

    private static Measured both(SocialLoad load, ViewProbes probes, Duration span) {
        var probing = CompletableFuture.supplyAsync(() -> probes.run(PROBE_EVERY, span, LONGEST));
        var loaded = load.run(PER_SECOND, span);
        return new Measured(loaded, probing.join());
    }

    private ScrapedHistogram meter(ServiceProcess consumer) {
        return ScrapedHistogram.of(get(consumer, "/actuator/prometheus").expect(200).text(), METER);
    }

    private Answer get(ServiceProcess service, String path) {
        return new Http(service.url())
                .send("GET", path, Map.of("Authorization", "Bearer " + token()), new byte[0], Duration.ofSeconds(30));
    }

    /** Until the service has fetched the keys by which it checks tokens, it answers 503. */
    private void awaitKeys(ServiceProcess service, String path) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (get(service, path).status() == 503) {
            if (System.nanoTime() > end) {
                throw service.failure(service.name() + " gets no keys");
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    /** Waits until the consumer says of itself that it has all that was committed by then. */
    private void awaitAsOf(ServiceProcess consumer, Instant moment) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            var asOf = get(consumer, "/users/load-0").expect(200).header("Syncline-As-Of");
            if (asOf != null && !asOf.isEmpty() && !Instant.parse(asOf).isBefore(moment)) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IllegalStateException("the view is of " + asOf + ", not yet of " + moment);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** At once over the feed, which says itself that the view has it all; what is on its way to a topic is waited for. */
    private void recount(ServiceProcess consumer, Map<String, Counts> expected) {
        long end = System.nanoTime() + (brokers == null ? 0 : LONGEST.toNanos());
        expected.forEach((user, counts) -> {
            var told = told(consumer, user);
            while (!told.equals(counts)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("%s has %s, the view says %s".formatted(user, counts, told));
                }
                LockSupport.parkNanos(100_000_000);
                told = told(consumer, user);
            }
        });
    }

    private Counts told(ServiceProcess consumer, String user) {
        return Counts.of(get(consumer, "/users/" + user).expect(200).json());
    }

    /** By key, in the order of the changes. */
    private static Map<String, List<Instant>> committed(String url) throws SQLException {
        var committed = new HashMap<String, List<Instant>>();
        try (var connection = DriverManager.getConnection(url, CountingPostgres.USER, CountingPostgres.PASSWORD);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(COMMITTED)) {
            while (rows.next()) {
                committed
                        .computeIfAbsent(rows.getString(1), key -> new ArrayList<>())
                        .add(rows.getObject(2, OffsetDateTime.class).toInstant());
            }
        }
        return committed;
    }

    /** From the time that the database wrote down with the change, a moment before its commit, to the first sight. */
    private static double[] millis(List<Probe> probes, Map<String, List<Instant>> committed) {
        return probes.stream()
                .mapToDouble(probe -> Duration.between(
                                        committed.getOrDefault(probe.key(), List.of()).get(probe.number() - 1),
                                        probe.seenAt())
                                .toNanos()
                        / 1e6)
                .sorted()
                .toArray();
    }

    /** Changes, those of them that took more than a second, and the longest in ms, as the scheduled check sums them up. */
    private record Notes(long changes, long late, long longestMillis) {}

    private static Notes awaitNotes(String url, Instant since, long changes) throws SQLException {
        long end = System.nanoTime() + LONGEST.toNanos();
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
        print(road + ", probes", sorted.length, at(sorted, 0.5), at(sorted, 0.95), at(sorted, 0.99), at(sorted, 1), late);
        System.out.printf(
                Locale.ROOT,
                "  %d changes, %d calls failed, the latest ended %.0f ms behind its time%n",
                load.changes(),
                load.failed(),
                load.latestMillis());
        var figures = new LinkedHashMap<String, Object>();
        figures.put("road", road);
        figures.put("by", "probes");
        figures.put("count", sorted.length);
        figures.put("p50Ms", at(sorted, 0.5));
        figures.put("p95Ms", at(sorted, 0.95));
        figures.put("p99Ms", at(sorted, 0.99));
        figures.put("maxMs", at(sorted, 1));
        figures.put("changes", load.changes());
        figures.put("failed", load.failed());
        figures.put("latestMs", load.latestMillis());
        return figures;
    }

    private static Map<String, Object> metered(String road, ScrapedHistogram meter, Notes notes) {
        double p50 = meter.quantile(0.5) * 1000;
        double p95 = meter.quantile(0.95) * 1000;
        double p99 = meter.quantile(0.99) * 1000;
        print(road + ", meter", meter.count(), p50, p95, p99, notes.longestMillis(), notes.late());
        return Map.of(
                "road", road,
                "by", "meter",
                "count", meter.count(),
                "p50Ms", p50,
                "p95Ms", p95,
                "p99Ms", p99,
                "maxMs", notes.longestMillis());
    }

    private static void print(String what, long count, double p50, double p95, double p99, double max, long late) {
        System.out.printf(
                Locale.ROOT, "%-22s %8d %8.0f %8.0f %8.0f %8.0f %8d%n", what, count, p50, p95, p99, max, late);
    }

    private static double at(double[] sorted, double part) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * part) - 1)];
    }

    private ServiceProcess startProvider(String url) {
        var settings = settings(url);
        settings.put("syncline.provider.owners", "bench");
        if (brokers != null) {
            settings.put("syncline.provider.kafka.bootstrap-servers", brokers);
            settings.put("syncline.provider.kafka.partitions", String.valueOf(PARTITIONS));
            settings.put("syncline.provider.kafka.replication", "1");
        }
        return start("provider", Service.PROVIDER, settings);
    }

    private ServiceProcess startConsumer(String url, String providerUrl) {
        var settings = settings(url);
        settings.put("syncline.consumer.provider-url", providerUrl);
        if (brokers != null) {
            settings.put("syncline.kafka.bootstrap-servers", brokers);
        }
        return start("consumer", Service.CONSUMER, settings);
    }

    private Map<String, String> settings(String url) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", CountingPostgres.USER);
        settings.put("syncline.home", home.toString());
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.client.platform-url", platform.url());
        settings.put("syncline.client.client-id", "bench");
        return settings;
    }

    private ServiceProcess start(String name, Service service, Map<String, String> settings) {
        var secrets = Map.of(
                "SPRING_DATASOURCE_PASSWORD",
                CountingPostgres.PASSWORD,
                "SYNCLINE_CLIENT_CLIENT_SECRET",
                "a-secret-of-the-bench-alone-0123");
        var jvm = new ArrayList<>(JVM);
        if (System.getenv("SYNCLINE_BENCH_RECORD") != null) {
            jvm.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename="
                    + Project.root().resolve("system-tests/target/bench/freshness-" + name + ".jfr"));
        }
        return ServiceProcess.start(name, service.jar(Project.root()), Ports.anyFree(), jvm, settings, secrets, home);
    }
}
