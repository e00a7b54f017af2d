package io.syncline.systemtests.bench;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.lookup.Strategies;
import io.syncline.provider.lookup.StrategyName;
import io.syncline.provider.lookup.Tuning;
import io.syncline.provider.store.SqlDialect;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.load.Subscribers;
import io.syncline.systemtests.process.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The rows of some thousand ids out of two million: every strategy of the provider by bare JDBC, one after the other in each
 * round; then the whole HTTP call and the bare statement of the strategy that the provider takes for it, in turns. On
 * PostgreSQL the call goes to a provider in a JVM of its own with a small heap; an H2 file has room for one process.
 */
final class LookupBench {

    private static final int ROWS = Bench.setting("SYNCLINE_BENCH_ROWS", 2_000_000);
    private static final int SMALL = 3_000;
    private static final int MIDDLE = 30_000;
    private static final int LARGE = 300_000;
    private static final List<Integer> SIZES = IntStream.of(SMALL, MIDDLE, LARGE)
            .filter(size -> size <= ROWS)
            .boxed()
            .toList();

    /** So many times each way goes before it counts: the compiler wants calls, and 300,000 rows are many calls. */
    private static final Map<Integer, Integer> WARM_UPS = Map.of(SMALL, 20, MIDDLE, 3, LARGE, 1);

    private static final int ROUNDS = Bench.setting("SYNCLINE_BENCH_ROUNDS", 5);

    /** So many times more each pair does, for no longer than {@link #LONGEST_WARM_UP}: nothing made the HTTP call warm before. */
    private static final int OF_PAIRS = 20;

    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(2);

    /** So many HTTP calls, each beside a bare one, for each round of the statements. */
    private static final Map<Integer, Integer> PAIRS = Map.of(SMALL, 6, MIDDLE, 3, LARGE, 1);

    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final double MEASURED_COST = 1.1;
    private static final int HEAP_MEGABYTES = 256;
    private static final String HTTP = "HTTP";
    private static final String BESIDE = "the bare one beside HTTP";
    private static final String RATIO = "HTTP by bare, pair by pair";
    private static final double OF_THE_BARE_ONE = 1.25;

    private final List<Map<String, Object>> figures = new ArrayList<>();
    private final List<Map<String, Object>> goals = new ArrayList<>();

    private LookupBench() {}

    static List<Map<String, Object>> run() throws IOException, SQLException, InterruptedException {
        var bench = new LookupBench();
        try (var platform = new SigningPlatform()) {
            if (isWanted(SqlDialect.POSTGRESQL)) {
                try (var postgres = new CountingPostgres()) {
                    bench.measure(
                            platform,
                            SqlDialect.POSTGRESQL,
                            Map.of(
                                    "spring.datasource.url", postgres.database("provider"),
                                    "spring.datasource.username", CountingPostgres.USER,
                                    "spring.datasource.password", CountingPostgres.PASSWORD));
                }
            }
            if (isWanted(SqlDialect.H2)) {
                bench.measure(platform, SqlDialect.H2, Map.of());
            }
        }
        bench.figures.addAll(bench.goals);
        return bench.figures;
    }

    /** SYNCLINE_BENCH_DATABASE names one of the two; both otherwise. */
    private static boolean isWanted(SqlDialect dialect) {
        var only = System.getenv("SYNCLINE_BENCH_DATABASE");
        return only == null || only.equalsIgnoreCase(dialect.name());
    }

    private void measure(SigningPlatform platform, SqlDialect dialect, Map<String, String> database)
            throws IOException, SQLException, InterruptedException {
        var home = Files.createTempDirectory("syncline-lookup");
        var settings = new LinkedHashMap<>(database);
        if (dialect == SqlDialect.H2) {
            settings.put(
                    "spring.datasource.url",
                    "jdbc:h2:file:" + home.resolve("provider") + ";MODE=Oracle;CACHE_SIZE=131072");
        }
        settings.put("syncline.provider.lookups.max-ids", String.valueOf(LARGE));
        settings.put("syncline.provider.lookups.max-bytes", "16MB");
        settings.put("syncline.provider.lookups.timeout", "5m");
        try (var provider = new ProviderInside(platform.url(), home, settings)) {
            System.out.printf(Locale.ROOT, "%s: %,d rows are stored%n", dialect, ROWS);
            SubscriberTable.fill(provider.dataSource(), ROWS);
            if (dialect == SqlDialect.POSTGRESQL) {
                var heap = new ServiceHeap("provider", home);
                settings.keySet().removeIf(name -> name.startsWith("spring."));
                try (var apart = MeasuredService.start(
                        Service.PROVIDER,
                        platform,
                        String.valueOf(database.get("spring.datasource.url")),
                        settings,
                        heap.jvm(HEAP_MEGABYTES))) {
                    apart.awaitReady(READY_WITHIN);
                    measure(provider, platform, dialect, apart.url(), heap);
                }
            } else {
                measure(provider, platform, dialect, provider.url(), null);
            }
        }
    }

    private void measure(
            ProviderInside provider,
            SigningPlatform platform,
            SqlDialect dialect,
            String url,
            @Nullable ServiceHeap heap)
            throws IOException, SQLException, InterruptedException {
        var table = new LinkedHashMap<String, Map<Integer, Spread>>();
        for (int size : SIZES) {
            measure(provider, platform, dialect, url, size, table);
            if (heap != null) {
                int most = heap.takeMostAfterCollection();
                System.out.printf(
                        Locale.ROOT,
                        "heap of the provider, at most after a collection with %,d ids: %d MB%n",
                        size,
                        most);
                figures.add(Map.of("what", "heap", "ids", size, "heapAfterCollectionMb", most));
                goals.add(Goal.atMost(
                        String.format(Locale.ROOT, "heap after a collection, %,d ids, MB", size),
                        HEAP_MEGABYTES,
                        most));
            }
        }
        System.out.printf(Locale.ROOT, "%n%s, %,d rows, ms min/med/max of %d rounds%n", dialect, ROWS, ROUNDS);
        System.out.printf("%-36s %24s %24s %24s%n", "", "3,000", "30,000", "300,000");
        table.forEach((name, bySize) -> print(dialect, name, bySize));
        judge(dialect, provider.subscribers(), table);
    }

    private void judge(SqlDialect dialect, Dataset dataset, Map<String, Map<Integer, Spread>> table) {
        double byTable = Math.min(
                median(table, StrategyName.TABLE_BATCH, MIDDLE), median(table, StrategyName.TABLE_COPY, MIDDLE));
        if (dialect == SqlDialect.POSTGRESQL) {
            goals.add(Goal.atMost(
                    dialect + ", 30,000: table by = any(array)",
                    2,
                    ratio(byTable, median(table, StrategyName.ARRAY, MIDDLE))));
        } else {
            goals.add(Goal.atMost(
                    dialect + ", 30,000: table by unnest",
                    1.5,
                    ratio(byTable, median(table, StrategyName.UNNEST, MIDDLE))));
        }
        var strategies = tuned(dialect, MEASURED_COST);
        for (int size : SIZES) {
            var chosen = strategies.choose(null, dataset, size);
            goals.add(Goal.atMost(
                    String.format(Locale.ROOT, "%s, %,d: HTTP by bare %s", dialect, size, named(chosen)),
                    OF_THE_BARE_ONE,
                    table.getOrDefault(RATIO, Map.of()).containsKey(size) ? median(table, RATIO, size) : Double.NaN));
        }
    }

    private static double ratio(double one, double other) {
        return Double.isInfinite(one) || Double.isInfinite(other) ? Double.NaN : one / other;
    }

    private static double median(Map<String, Map<Integer, Spread>> table, StrategyName strategy, int size) {
        return median(table, named(strategy), size);
    }

    /** Infinite where it was not measured. */
    private static double median(Map<String, Map<Integer, Spread>> table, String name, int size) {
        var times = table.getOrDefault(name, Map.of()).get(size);
        return times == null ? Double.POSITIVE_INFINITY : times.median();
    }

    private static String named(StrategyName strategy) {
        return strategy.name().toLowerCase(Locale.ROOT);
    }

    private void measure(
            ProviderInside provider,
            SigningPlatform platform,
            SqlDialect dialect,
            String url,
            int size,
            Map<String, Map<Integer, Spread>> table)
            throws IOException, SQLException, InterruptedException {
        var ids = ids(size);
        var keys = ids.stream().map(id -> new Object[] {id}).toList();
        var runs = new LinkedHashMap<String, Measured>();
        var dataset = provider.subscribers();
        addStrategies(runs, "", tuned(dialect, MEASURED_COST), provider.dataSource(), dataset, keys);
        if (dialect == SqlDialect.POSTGRESQL) {
            addStrategies(runs, ", stock page cost", tuned(dialect, 0), provider.dataSource(), dataset, keys);
        }
        var ways = System.getenv("SYNCLINE_BENCH_WAYS");
        var only = ways == null ? List.<String>of() : List.of(ways.split(","));
        if (!only.isEmpty()) {
            runs.keySet().retainAll(only);
        }
        int warmUps = WARM_UPS.getOrDefault(size, 1);
        var times = new LinkedHashMap<String, List<Double>>();
        for (int round = 1 - warmUps; round <= ROUNDS; round++) {
            long roundBegan = System.nanoTime();
            for (var run : runs.entrySet()) {
                double took = millis(run.getValue());
                if (round > 0) {
                    times.computeIfAbsent(run.getKey(), name -> new ArrayList<>())
                            .add(took);
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %,d ids, %s: %d ways in %.1f s%n",
                    dialect,
                    size,
                    round > 0 ? "round " + round + " of " + ROUNDS : "warm-up " + (round + warmUps) + " of " + warmUps,
                    runs.size(),
                    (System.nanoTime() - roundBegan) / 1e9);
        }
        if (only.isEmpty() || only.contains(HTTP)) {
            pairs(provider, platform, dialect, url, ids, keys, OF_PAIRS * warmUps, times);
        }
        times.forEach((name, all) ->
                table.computeIfAbsent(name, any -> new LinkedHashMap<>()).put(size, Spread.of(all)));
    }

    /** The HTTP call and the statement that it stands for, one right after the other and each of them first in turn. */
    private static void pairs(
            ProviderInside provider,
            SigningPlatform platform,
            SqlDialect dialect,
            String url,
            List<String> ids,
            List<Object[]> keys,
            int warmUps,
            Map<String, List<Double>> times)
            throws IOException, SQLException, InterruptedException {
        var strategies = tuned(dialect, MEASURED_COST);
        var dataset = provider.subscribers();
        var chosen = strategies.choose(null, dataset, keys.size());
        var body = String.join("\n", ids).getBytes(StandardCharsets.UTF_8);
        Measured bare = () -> bare(strategies, chosen, provider.dataSource(), dataset, keys);
        int pairs = ROUNDS * PAIRS.getOrDefault(keys.size(), 1);
        long warmUntil = System.nanoTime() + LONGEST_WARM_UP.toNanos();
        for (int pair = 1 - warmUps; pair <= pairs; pair++) {
            if (pair < 1 && System.nanoTime() > warmUntil) {
                System.out.printf(Locale.ROOT, "%d pairs of %d to warm up%n", pair - 1 + warmUps, warmUps);
                pair = 1;
            }
            // A caller keeps a token for a while: neither making one nor the first check of its signature belongs to a
            // look-up.
            var token = platform.token("data:read");
            overHttp(url, token, ids.get(0).getBytes(StandardCharsets.UTF_8), 1);
            Measured http = () -> overHttp(url, token, body, keys.size());
            boolean isHttpFirst = pair % 2 == 0;
            double first = millis(isHttpFirst ? http : bare);
            double second = millis(isHttpFirst ? bare : http);
            if (pair > 0) {
                double ofHttp = isHttpFirst ? first : second;
                double ofBare = isHttpFirst ? second : first;
                times.computeIfAbsent(BESIDE, name -> new ArrayList<>()).add(ofBare);
                times.computeIfAbsent(HTTP, name -> new ArrayList<>()).add(ofHttp);
                times.computeIfAbsent(RATIO, name -> new ArrayList<>()).add(ofHttp / ofBare);
            }
        }
    }

    private static double millis(Measured run) throws IOException, SQLException, InterruptedException {
        long began = System.nanoTime();
        run.run();
        return (System.nanoTime() - began) / 1e6;
    }

    private static Strategies tuned(SqlDialect dialect, double pageCost) {
        return new Strategies(dialect, new Tuning(1_000, 1_000, pageCost, LONGEST));
    }

    private void addStrategies(
            Map<String, Measured> runs,
            String suffix,
            Strategies strategies,
            DataSource dataSource,
            Dataset dataset,
            List<Object[]> keys) {
        for (var name : StrategyName.values()) {
            if (strategies.refusal(name, dataset, keys.size()).isEmpty()) {
                runs.put(named(name) + suffix, () -> bare(strategies, name, dataSource, dataset, keys));
            }
        }
    }

    /** All columns of each row as text, as an answer needs them. */
    private static void bare(
            Strategies strategies, StrategyName name, DataSource dataSource, Dataset dataset, List<Object[]> keys)
            throws IOException, SQLException {
        var wanted = new HashSet<Object>(keys.size() * 2);
        keys.forEach(key -> wanted.add(key[0]));
        int[] found = {0};
        try (var connection = dataSource.getConnection()) {
            strategies.inSnapshot(
                    connection,
                    () -> strategies.get(name).find(connection, dataset, keys, row -> {
                        if (wanted.contains(row.getString(1))) {
                            for (int i = 2; i <= dataset.columns().size(); i++) {
                                row.getString(i);
                            }
                            found[0]++;
                        }
                    }));
        }
        if (found[0] != keys.size()) {
            throw new IllegalStateException(name + " found " + found[0] + " of " + keys.size());
        }
    }

    private static void overHttp(String url, String token, byte[] body, int size)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + "/datasets/subscribers/lookups"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "text/plain")
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        var answer = Client.HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = answer.body()) {
            var end = tail(lines);
            if (!end.contains("{\"_end\":true,\"rows\":" + size + ",\"notFound\":0}")) {
                throw new IllegalStateException("HTTP " + answer.statusCode() + " ended with " + end);
            }
        }
    }

    /** Reads to the end and keeps the last bytes alone. */
    private static String tail(InputStream in) throws IOException {
        var buffer = new byte[64 * 1024];
        var last = "";
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            int kept = Math.min(read, 256);
            last = last + new String(buffer, read - kept, kept, StandardCharsets.UTF_8);
            last = last.substring(Math.max(0, last.length() - 256));
        }
        return last;
    }

    /** Spread over the whole table and in no order; the same in every run. */
    private static List<String> ids(int size) {
        var numbers = new ArrayList<>(IntStream.range(0, ROWS).boxed().toList());
        Collections.shuffle(numbers, new Random(size));
        return numbers.subList(0, size).stream().map(Subscribers::id).toList();
    }

    private void print(SqlDialect dialect, String name, Map<Integer, Spread> bySize) {
        var line = new StringBuilder("%-36s".formatted(name));
        for (int size : List.of(SMALL, MIDDLE, LARGE)) {
            var times = bySize.get(size);
            line.append(" %24s"
                    .formatted(
                            times == null
                                    ? "-"
                                    : String.format(
                                            Locale.ROOT,
                                            name.equals(RATIO) ? "%.2f/%.2f/%.2f" : "%.0f/%.0f/%.0f",
                                            times.least(),
                                            times.median(),
                                            times.most())));
            if (times != null) {
                figures.add(Map.of(
                        "name",
                        String.format(Locale.ROOT, "%s, %,d, %s", dialect, size, name),
                        "database",
                        dialect.name(),
                        "what",
                        name,
                        "ids",
                        size,
                        name.equals(RATIO) ? "min" : "minMs",
                        times.least(),
                        name.equals(RATIO) ? "median" : "medianMs",
                        times.median(),
                        name.equals(RATIO) ? "max" : "maxMs",
                        times.most()));
            }
        }
        System.out.println(line);
    }

    /** Something that is timed. */
    @FunctionalInterface
    private interface Measured {
        void run() throws IOException, SQLException, InterruptedException;
    }

    private static final class Client {
        static final HttpClient HTTP =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }
}
