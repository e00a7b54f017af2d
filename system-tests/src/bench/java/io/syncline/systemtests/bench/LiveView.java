package io.syncline.systemtests.bench;

import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Counts;
import io.syncline.systemtests.load.SocialLoad;
import io.syncline.systemtests.load.ViewProbes;
import io.syncline.systemtests.load.ViewProbes.Probe;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Provider and consumer in JVMs of their own, each on a database of its own; writers at the one, and readers who look for
 * changes of their own at the other.
 */
final class LiveView implements AutoCloseable {

    /** After so long without a sight a benchmark fails. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int USERS = 2_000;
    private static final int WRITERS = 16;
    private static final int PROBERS = 20;
    private static final Duration PROBE_EVERY = Duration.ofSeconds(2);

    /** What the probes add to the changes of the writers. */
    static final int PROBES_PER_SECOND = (int) (PROBERS / PROBE_EVERY.toSeconds());

    private static final String SCOPES = "data:read triggers:write runs:read";
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private static final String COMMITTED = """
            select row_key, committed_at from change_event where dataset_name = 'follows' and row_key like 'probe-%'
            order by dataset_seq""";

    private final SigningPlatform platform;
    private final String providerDatabase;
    private final String consumerDatabase;
    private final ServiceProcess provider;
    private final ServiceProcess consumer;
    private final SocialLoad load;
    private final ViewProbes probes;
    private String token;
    private Instant tokenSince;

    /** What the writers and the probes of one span tell. */
    record Measured(SocialLoad.Result load, List<Probe> probes) {}

    /**
     * Starts both; {@link #begin} waits for the second.
     *
     * @param providerMore settings of the provider alone
     * @param consumerMore settings of the consumer alone
     */
    LiveView(
            SigningPlatform platform,
            CountingPostgres postgres,
            Map<String, String> providerMore,
            Map<String, String> consumerMore)
            throws IOException {
        this.platform = platform;
        this.token = platform.token(SCOPES);
        this.tokenSince = Instant.now();
        this.providerDatabase = postgres.database("provider");
        this.consumerDatabase = postgres.database("consumer");
        var providerSettings = new HashMap<>(providerMore);
        providerSettings.put("syncline.provider.owners", "bench");
        this.provider = MeasuredService.start(Service.PROVIDER, platform, providerDatabase, providerSettings)
                .awaitReady(READY_WITHIN);
        var consumerSettings = new HashMap<>(consumerMore);
        consumerSettings.put("syncline.consumer.provider-url", provider.url());
        this.consumer = MeasuredService.start(Service.CONSUMER, platform, consumerDatabase, consumerSettings);
        this.load = new SocialLoad(provider.url(), this::token, USERS, WRITERS);
        this.probes = new ViewProbes(provider.url(), List.of(consumer.url()), this::token, PROBERS);
    }

    /** Makes the users whom the writers and probes change; to be called once, before anything else. */
    void begin() {
        consumer.awaitReady(READY_WITHIN);
        awaitKeys(provider, "/datasets");
        awaitKeys(consumer, "/users/load-0");
        load.createUsers();
        probes.createUsers();
    }

    ServiceProcess consumer() {
        return consumer;
    }

    String consumerDatabase() {
        return consumerDatabase;
    }

    /** One that is good for some minutes more. */
    synchronized String token() {
        if (tokenSince.plusSeconds(120).isBefore(Instant.now())) {
            token = platform.token(SCOPES);
            tokenSince = Instant.now();
        }
        return token;
    }

    /**
     * Writers and probes together.
     *
     * @param perSecond changes of the writers
     */
    Measured change(int perSecond, Duration span) {
        var probing = CompletableFuture.supplyAsync(() -> probes.run(PROBE_EVERY, span, LONGEST));
        var loaded = load.run(perSecond, span);
        return new Measured(loaded, probing.join());
    }

    Answer get(ServiceProcess service, String path) {
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

    /** Waits until the consumer knows one of the writers' users: its view is there, and changes get to it. */
    void awaitFirst() {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (get(consumer, "/users/load-0").status() != 200) {
            if (System.nanoTime() > end) {
                throw consumer.failure("the view does not come to life");
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** Waits until the consumer says of itself that it has all that was committed by then. */
    void awaitAsOf(Instant moment) {
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

    /**
     * Compares every count with the writers' own books, or fails.
     *
     * @param within what is on its way may come
     */
    void recount(Duration within) {
        long end = System.nanoTime() + within.toNanos();
        load.expected().forEach((user, counts) -> {
            var told = told(user);
            while (!told.equals(counts)) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("%s has %s, the view says %s".formatted(user, counts, told));
                }
                LockSupport.parkNanos(100_000_000);
                told = told(user);
            }
        });
    }

    private Counts told(String user) {
        return Counts.of(get(consumer, "/users/" + user).expect(200).json());
    }

    /**
     * Sorted milliseconds of the probes, from the time that the database wrote down with the change, a moment before its
     * commit, to the first sight.
     */
    double[] millis(List<Probe> seen) throws SQLException {
        var committed = committed();
        return seen.stream()
                .mapToDouble(probe -> Duration.between(
                                        committed
                                                .getOrDefault(probe.key(), List.of())
                                                .get(probe.number() - 1),
                                        probe.seenAt())
                                .toNanos()
                        / 1e6)
                .sorted()
                .toArray();
    }

    /** By key, in the order of the changes. */
    private Map<String, List<Instant>> committed() throws SQLException {
        var committed = new HashMap<String, List<Instant>>();
        try (var connection = DriverManager.getConnection(
                        providerDatabase, CountingPostgres.USER, CountingPostgres.PASSWORD);
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

    @Override
    public void close() {
        ServiceProcess.stopAll(List.of(consumer, provider));
    }
}
