package io.syncline.systemtests.bench;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.demo.AirportsDaily;
import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * A whole table through provider, files and consumers, each a JVM of its own with a small heap, and the same steps by psql
 * beside it: into an empty target, then with one row in a hundred changed, then with nothing changed. Then the same with one
 * consumer in the place of two, unless a number of them was asked for.
 */
final class FilesBench {

    private static final int HEAP_MEGABYTES = 256;
    private static final Duration READY_WITHIN = Duration.ofMinutes(3);
    private static final Duration BEGUN_WITHIN = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(2);
    private static final String GROUP = "parcels";
    private static final String BASELINE = "baseline";
    private static final String INSTANCES = "instances";
    private static final String ALL_NEW = "all-new";
    private static final String ONE_PERCENT = "one-percent";
    private static final List<String> DAYS = List.of(ALL_NEW, ONE_PERCENT, "unchanged");

    private static final String NEWEST_JOB =
            "select state, cleaned, error_text from sync_job order by created_at desc fetch first 1 rows only";

    private final int rows;
    private final int instances;
    private final int rowsPerFile;
    private final int psqlJobs;
    private final List<String> days;
    private final boolean besidePsql;
    private final Path home;
    private final List<ServiceProcess> services = new ArrayList<>();
    private final List<ServiceHeap> heaps = new ArrayList<>();
    private final List<Map<String, Object>> figures = new ArrayList<>();
    private final Map<String, SyncTimes> ours = new HashMap<>();
    private final Map<String, Double> byPsql = new HashMap<>();
    private int mostHeap;

    private FilesBench(Map<String, Integer> options, int instances, boolean besidePsql, Path home) {
        this.rows = options.getOrDefault("rows", 10_000_000);
        this.instances = instances;
        this.besidePsql = besidePsql;
        this.rowsPerFile = options.getOrDefault("rows-per-file", 100_000);
        this.psqlJobs = options.getOrDefault("psql-jobs", 1);
        this.days = DAYS.subList(0, options.getOrDefault("days", DAYS.size()));
        this.home = home;
    }

    /**
     * @param options rows, instances, rows-per-file, psql-jobs: how many files psql copies in at once, and days: of the three
     *     in their order
     */
    static List<Map<String, Object>> run(Map<String, Integer> options)
            throws IOException, SQLException, InterruptedException {
        var asked = options.get(INSTANCES);
        var beside = measured(options, asked == null ? 2 : asked, true);
        var figures = new ArrayList<>(beside.figures);
        figures.addAll(beside.goals());
        if (asked == null) {
            var alone = measured(options, 1, false);
            figures.addAll(alone.figures);
            figures.addAll(beside.against(alone));
            figures.add(Goal.atMost("one consumer, most heap after a collection, MB", HEAP_MEGABYTES, alone.mostHeap));
        }
        return figures;
    }

    /** On databases and in folders of its own. */
    private static FilesBench measured(Map<String, Integer> options, int instances, boolean besidePsql)
            throws IOException, SQLException, InterruptedException {
        var home = Files.createTempDirectory("syncline-files");
        try {
            var bench = new FilesBench(options, instances, besidePsql, home);
            bench.run();
            return bench;
        } finally {
            delete(home);
        }
    }

    private List<Map<String, Object>> goals() {
        var goals = new ArrayList<Map<String, Object>>();
        for (var day : days) {
            goals.add(Goal.atLeast(day + ": of psql's rows a second", 0.5, byPsql.getOrDefault(day, Double.NaN)));
        }
        goals.add(Goal.atMost("most heap after a collection, MB", HEAP_MEGABYTES, mostHeap));
        return goals;
    }

    /** Rows a second of two consumers by those of one, day by day. */
    private List<Map<String, Object>> against(FilesBench alone) {
        var rows = new ArrayList<Map<String, Object>>();
        for (var day : days) {
            double ratio = alone.total(day) / total(day);
            System.out.printf(Locale.ROOT, "%-14s two consumers by one: %.2f%n", day, ratio);
            rows.add(Map.of("day", day, "who", "two consumers by one", "total", ratio));
        }
        rows.add(Goal.atLeast(ALL_NEW + ": two consumers by one", 0.9, alone.total(ALL_NEW) / total(ALL_NEW)));
        return rows;
    }

    private double total(String day) {
        return Objects.requireNonNull(ours.get(day), day).total();
    }

    private void run() throws IOException, SQLException, InterruptedException {
        try (var postgres = new CountingPostgres()) {
            var source = postgres.database("provider");
            var target = postgres.database("consumer");
            var baseline = postgres.database(BASELINE);
            var parcels = new Parcels(source, CountingPostgres.USER, CountingPostgres.PASSWORD, rows);
            parcels.create();
            parcels.createPlainStage(baseline);
            parcels.createTarget(baseline);
            try {
                var platform = start(postgres.database("scheduler"), source, target);
                parcels.createTarget(target);
                parcels.createStage(target);
                try (var jobs = DriverManager.getConnection(target, CountingPostgres.USER, CountingPostgres.PASSWORD)) {
                    days(
                            platform,
                            jobs,
                            parcels,
                            new PsqlSync(
                                    source.substring("jdbc:".length()),
                                    baseline.substring("jdbc:".length()),
                                    CountingPostgres.USER,
                                    CountingPostgres.PASSWORD,
                                    home.resolve("psql"),
                                    rowsPerFile,
                                    psqlJobs));
                }
                memory();
            } finally {
                ServiceProcess.stopAll(services);
            }
        }
    }

    private void days(PlatformApi platform, Connection jobs, Parcels parcels, PsqlSync psql)
            throws IOException, SQLException, InterruptedException {
        System.out.printf(
                "%d rows, %d consumers, %d rows a file, psql copies %d files in at once%n%-14s %-9s %9s %9s %9s %9s %9s %10s%n",
                rows,
                instances,
                rowsPerFile,
                psqlJobs,
                "day",
                "seconds",
                "extract",
                "stage",
                "merge",
                "reconcile",
                "total",
                "rows/s");
        for (var day : days) {
            if (day.equals(ONE_PERCENT)) {
                parcels.changeOnePercent();
            }
            parcels.checkpoint();
            var times = sync(platform, jobs, day);
            ours.put(day, times);
            parcels.checkpoint();
            if (besidePsql && PsqlSync.isPossible()) {
                var theirs = psql.day();
                print(day, "psql", theirs);
                print(day, "syncline", times);
                ratios(day, theirs, times);
            } else {
                print(day, "syncline", times);
                if (besidePsql) {
                    System.out.println("no psql, split, gzip and xargs here to compare with");
                }
            }
        }
    }

    /** One day through the platform; ends when the job's staging rows are gone too, which is in no figure. */
    private SyncTimes sync(PlatformApi platform, Connection jobs, String day)
            throws SQLException, InterruptedException {
        long start = System.nanoTime();
        platform.trigger(Map.of(
                        "specversion", "1.0", "source", "/bench", "id", day, "type", GROUP + ".ready", "subject", day))
                .expect(202);
        var begun = new LinkedHashMap<String, Long>();
        boolean cleaned = false;
        while (!cleaned) {
            try (var statement = jobs.createStatement();
                    var job = statement.executeQuery(NEWEST_JOB)) {
                if (job.next() && (begun.containsKey("REQUESTED") || job.getInt("cleaned") == 0)) {
                    var state = job.getString("state");
                    if (state.equals("FAILED")) {
                        throw new IllegalStateException("the job failed: " + job.getString("error_text"));
                    }
                    begun.putIfAbsent("REQUESTED", start);
                    begun.putIfAbsent(state, System.nanoTime());
                    cleaned = job.getInt("cleaned") == 1;
                }
            }
            if (services.stream().anyMatch(service -> !service.isAlive())) {
                throw new IllegalStateException("a service ended before the job did");
            }
            if (begun.isEmpty() && System.nanoTime() - start > BEGUN_WITHIN.toNanos()) {
                throw new IllegalStateException("no job began: " + platform.newestRun(GROUP, day));
            }
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new IllegalStateException("the job did not end in " + LONGEST);
            }
            Thread.sleep(20);
        }
        check(platform, day);
        long staging = at(begun, "STAGING");
        long merging = at(begun, "MERGING");
        long reconciling = at(begun, "RECONCILING");
        long end = at(begun, "COMPLETED");
        return new SyncTimes(
                seconds(start, staging),
                seconds(staging, merging),
                seconds(merging, reconciling),
                seconds(reconciling, end),
                seconds(start, end));
    }

    private static long at(Map<String, Long> begun, String state) {
        var moment = begun.get(state);
        if (moment == null) {
            throw new IllegalStateException("the job was never seen " + state + ": " + begun.keySet());
        }
        return moment;
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    /** The run has to end, and as it should: a fast sync that is wrong has no speed. */
    private void check(PlatformApi platform, String day) throws InterruptedException {
        JsonNode run = null;
        for (int look = 0; look < 600; look++) {
            run = platform.newestRun(GROUP, day).orElse(null);
            if (run != null
                    && List.of("COMPLETED", "FAILED").contains(run.path("state").asString())) {
                break;
            }
            Thread.sleep(100);
        }
        if (run == null || !run.path("state").asString().equals("COMPLETED")) {
            throw new IllegalStateException("the run of " + day + " did not complete: " + run);
        }
        var task = platform.run(run.path("runId").asString()).path("taskRuns").get(0);
        var result = task.path("result");
        var wrote = List.of(
                result.path("inserted").asLong(-1),
                result.path("updated").asLong(-1),
                result.path("deleted").asLong(-1));
        long part = rows / 1000;
        var expected = switch (day) {
            case ALL_NEW -> List.of((long) rows, 0L, 0L);
            case ONE_PERCENT -> List.of(part, 8 * part, part);
            default -> List.of(0L, 0L, 0L);
        };
        if (!wrote.equals(expected)) {
            throw new IllegalStateException(
                    "%s inserted, updated and deleted %s and not %s".formatted(day, wrote, expected));
        }
        var balance = task.path("reconciliation");
        if (balance.path("actualRows").asLong(-1) != rows
                || balance.path("missing").asLong(-1) != 0
                || balance.path("unexpected").asLong(-1) != 0
                || balance.path("different").asLong(-1) != 0) {
            throw new IllegalStateException("not balanced: " + balance);
        }
    }

    private PlatformApi start(String schedulerUrl, String source, String target) throws IOException {
        var secret = UUID.randomUUID().toString() + UUID.randomUUID();
        int port = Ports.anyFree();
        var node = start(
                "scheduler",
                Service.SCHEDULER,
                port,
                schedulerUrl,
                Map.of(),
                Map.of(
                        "SYNCLINE_PUBLIC_URL", "http://127.0.0.1:" + port,
                        "SYNCLINE_BOOTSTRAP_CLIENT_ID", "bench",
                        "SYNCLINE_BOOTSTRAP_CLIENT_SECRET", secret,
                        "SYNCLINE_WRAPPING_KEY", "c3luY2xpbmUtYmVuY2gtd3JhcHBpbmcta2V5LW5vLjE=",
                        "SYNCLINE_DESTINATIONS_ALLOW", "http://127.0.0.1:*"));
        node.awaitReady(READY_WITHIN);
        var platform = new PlatformApi(node.url(), "bench", secret);
        var providerSecret = platform.createClient("data-provider", "data-provider", List.of("triggers:write"));
        var ports = new ArrayList<Integer>();
        for (int i = 0; i < instances; i++) {
            ports.add(Ports.anyFree());
        }
        platform.put(
                "/api/v1/systems/" + AirportsDaily.SYSTEM,
                AirportsDaily.system(
                        ports.stream().map(each -> "http://127.0.0.1:" + each).toList()));
        var consumerSecret =
                platform.createClient("data-consumer", AirportsDaily.SYSTEM, List.of("callbacks:write", "data:read"));
        platform.put("/api/v1/groups/" + GROUP, group());

        var provider = start(
                "provider",
                Service.PROVIDER,
                Ports.anyFree(),
                source,
                client(
                        node,
                        "data-provider",
                        Map.of(
                                "syncline.provider.datasets[0].name",
                                GROUP,
                                "syncline.provider.datasets[0].table",
                                Parcels.SOURCE,
                                "syncline.provider.datasets[0].key[0]",
                                "id",
                                "syncline.provider.datasets[0].written-elsewhere",
                                "true",
                                "syncline.provider.extracts.rows-per-file",
                                String.valueOf(rowsPerFile))),
                Map.of("SYNCLINE_CLIENT_CLIENT_SECRET", providerSecret));
        for (int i = 0; i < instances; i++) {
            var consumer = start(
                    "consumer-" + (i + 1),
                    Service.CONSUMER,
                    ports.get(i),
                    target,
                    client(
                            node,
                            "data-consumer",
                            Map.of(
                                    "syncline.consumer.provider-url",
                                    provider.url(),
                                    "syncline.consumer.instance-id",
                                    "consumer-" + (i + 1),
                                    "syncline.consumer.extract-within",
                                    "PT1H",
                                    "syncline.consumer.changes.enabled",
                                    "false",
                                    "syncline.consumer.datasets[0].key",
                                    GROUP,
                                    "syncline.consumer.datasets[0].table",
                                    "parcel")),
                    Map.of("SYNCLINE_CLIENT_CLIENT_SECRET", consumerSecret));
            // The first one lays out the tables; the others find them.
            consumer.awaitReady(READY_WITHIN);
        }
        provider.awaitReady(READY_WITHIN);
        return platform;
    }

    private static Map<String, Object> group() {
        return Map.of(
                "apiVersion",
                "syncline/v1",
                "kind",
                "TaskGroup",
                "key",
                GROUP,
                "triggers",
                List.of(Map.of("source", "/bench", "type", GROUP + ".ready")),
                "defaults",
                Map.of(
                        "interval", "PT1S",
                        "silentAfter", "PT1H",
                        "overdueAfter", "PT2H",
                        "timeout", "PT3H",
                        "retry", Map.of("maxAttempts", 1),
                        "reconciliation", Map.of("required", true)),
                "tasks",
                List.of(Map.of(
                        "key", "load", "mode", "ASYNC", "system", AirportsDaily.SYSTEM, "path", "/sync/" + GROUP)));
    }

    private static Map<String, String> client(ServiceProcess node, String key, Map<String, String> more) {
        var settings = new LinkedHashMap<>(more);
        settings.put("syncline.client.platform-url", node.url());
        settings.put("syncline.client.client-id", key);
        settings.put("syncline.client.system", key);
        return settings;
    }

    private ServiceProcess start(
            String name, Service service, int port, String url, Map<String, String> more, Map<String, String> secrets)
            throws IOException {
        var settings = new LinkedHashMap<>(more);
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", CountingPostgres.USER);
        settings.put("syncline.home", home.toString());
        settings.put("syncline.database.migrate", "true");
        var environment = new LinkedHashMap<>(secrets);
        environment.put("SPRING_DATASOURCE_PASSWORD", CountingPostgres.PASSWORD);
        var heap = new ServiceHeap(name, home);
        var jvm = heap.jvm(HEAP_MEGABYTES);
        if (service != Service.SCHEDULER) {
            jvm = Bench.recorded(jvm, "files-" + instances + "-" + name);
        }
        var process = ServiceProcess.start(name, service.jar(Project.root()), port, jvm, settings, environment, home);
        services.add(process);
        heaps.add(heap);
        return process;
    }

    private void print(String day, String who, SyncTimes times) {
        System.out.printf(
                Locale.ROOT,
                "%-14s %-9s %9.1f %9.1f %9.1f %9.1f %9.1f %10.0f%n",
                day,
                who,
                times.extract(),
                times.stage(),
                times.merge(),
                times.reconcile(),
                times.total(),
                rows / times.total());
        figures.add(Map.of(
                "name",
                day + ", " + who + (who.equals("psql") ? "" : ", consumers: " + instances),
                "day",
                day,
                "who",
                who,
                "rows",
                rows,
                "extractSeconds",
                times.extract(),
                "stageSeconds",
                times.stage(),
                "mergeSeconds",
                times.merge(),
                "reconcileSeconds",
                times.reconcile(),
                "totalSeconds",
                times.total(),
                "rowsPerSecond",
                rows / times.total()));
    }

    /** Rows per second, ours by psql's: above 1 we are the faster. */
    private void ratios(String day, SyncTimes psql, SyncTimes own) {
        System.out.printf(
                Locale.ROOT,
                "%-14s %-9s %9.2f %9.2f %9.2f %9.2f %9.2f%n",
                day,
                "ratio",
                psql.extract() / own.extract(),
                psql.stage() / own.stage(),
                psql.merge() / own.merge(),
                psql.reconcile() / own.reconcile(),
                psql.total() / own.total());
        byPsql.put(day, psql.total() / own.total());
        figures.add(Map.of("day", day, "who", "ratio", "total", psql.total() / own.total()));
    }

    private void memory() throws IOException {
        for (int i = 0; i < services.size(); i++) {
            int live = heaps.get(i).mostAfterCollection();
            mostHeap = Math.max(mostHeap, live);
            int resident = ServiceHeap.mostResident(services.get(i));
            System.out.printf(
                    "%-14s heap at most %d MB after a collection (-Xmx%dm), %d MB resident%n",
                    heaps.get(i).name(), live, HEAP_MEGABYTES, resident);
            figures.add(Map.of("service", heaps.get(i).name(), "heapAfterCollectionMb", live, "residentMb", resident));
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException trouble) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
