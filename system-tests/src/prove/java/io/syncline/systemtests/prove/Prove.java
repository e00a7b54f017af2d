package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.history.Checker;
import io.syncline.systemtests.history.History;
import io.syncline.systemtests.history.RoomRules;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.UnpackedNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Three nodes, a database, a driver and a downstream under faults drawn from a seed: warms up, injects, heals, waits until all
 * is quiet, reads what is left, and judges it. Ends with 0 when nothing was violated, or, with a planted
 * bug, when that was seen; else with 1.
 */
public final class Prove {

    /** Where in the folder of a run the platform with its bug lies. */
    static final String PLANTED = "planted";

    private static final long WARM_MILLIS = 20_000;
    private static final long SETTLE_MILLIS = 120_000;
    private static final long QUIET_MILLIS = 3000;
    private static final int DOWNSTREAM_INSTANCES = 2;
    private static final int PAUSES_TRIED = 40;
    private static final int REST_LOOKS = 9;
    private static final long REST_LOOK_MILLIS = 10_000;

    private final Options options;
    private final Path project;
    private final Path folder;
    private final PrintStream screen;
    private final Path shared;

    private Prove(Options options, Path project, Path folder, PrintStream screen) {
        this.options = options;
        this.project = project;
        this.folder = folder;
        this.screen = screen;
        this.shared = target(project).resolve("shared");
    }

    public static void main(String[] arguments) throws IOException {
        var project = Project.root();
        Options options;
        try {
            options = Options.of(arguments, project);
        } catch (IllegalArgumentException wrong) {
            System.err.println(wrong.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        System.exit(isGood(options, project) ? 0 : 1);
    }

    private static boolean isGood(Options options, Path project) throws IOException {
        if (!options.guards().isEmpty()) {
            return new Guards(options, project).run();
        }
        var name = options.seed()
                + options.plant().map(plant -> "-" + plant.name()).orElse("");
        var folder = fresh(target(project).resolve(name));
        return run(options, project, folder, System.out)
                .filter(Report::isAsExpected)
                .isPresent();
    }

    /** Where all reports lie. */
    static Path target(Path project) {
        return project.resolve("system-tests/target/prove");
    }

    /** One run with its report, told on the screen as it goes; none where the run itself broke. */
    static Optional<Report> run(Options options, Path project, Path folder, PrintStream screen) throws IOException {
        return new Prove(options, project, folder, screen).run();
    }

    /** An empty folder in the place of one that an earlier run left. */
    static Path fresh(Path folder) throws IOException {
        deleteAll(folder);
        return Files.createDirectories(folder);
    }

    static void deleteAll(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
    }

    private Optional<Report> run() throws IOException {
        var began = Instant.now();
        screen.println(options.command());
        try (var history = new History(folder.resolve("history.jsonl"))) {
            Report report;
            try {
                int calls = live(history);
                screen.printf("%d calls; checking%n", calls);
                report = Report.of(options, began, history.events(), Checker.check(history.events()));
            } catch (IOException | SQLException | RuntimeException e) {
                e.printStackTrace(screen);
                return Optional.empty();
            }
            report.write(folder);
            report.print(screen);
            screen.println(project.relativize(folder.resolve("report.html")));
            return Optional.of(report);
        }
    }

    private int live(History history) throws IOException, SQLException {
        var links = new ArrayList<Link>();
        try (var postgres = new Postgres(folder, shared);
                var callbacks = new Callbacks(history);
                var downstream = new Downstream(history, callbacks);
                var people = new People(history);
                var peopleLink = new Link("to people", people::port);
                var cluster = new Cluster(
                        folder, node(), shared, postgres, !options.crashPoints().isEmpty())) {
            for (int i = 1; i <= DOWNSTREAM_INSTANCES; i++) {
                links.add(new Link("to downstream-" + i, downstream::port));
            }
            cluster.configure(links, peopleLink);
            Workload.tell(history);
            var apis = cluster.nodes().stream().map(cluster::api).toList();
            try (var watcher = new Watcher(history, apis, options.seed());
                    var driver = new Driver(history, apis, options.perSecond(), options.seed(), watcher::offer)) {
                var faults = new Faults(cluster, postgres, downstream, callbacks, driver, links, people, peopleLink);
                return live(history, postgres, callbacks, downstream, cluster, driver, faults, apis.get(0));
            }
        } finally {
            links.forEach(Link::close);
        }
    }

    private UnpackedNode node() throws IOException {
        var jar = Service.SCHEDULER.jar(project);
        var sound = Cluster.unpacked(jar, shared);
        if (options.plant().isEmpty()) {
            return sound;
        }
        var planted = folder.resolve(PLANTED);
        return Cluster.unpacked(options.plant().get().into(jar, sound, project, planted), planted);
    }

    private int live(
            History history,
            Postgres postgres,
            Callbacks callbacks,
            Downstream downstream,
            Cluster cluster,
            Driver driver,
            Faults kinds,
            PlatformApi api)
            throws SQLException {
        driver.start();
        sleep(WARM_MILLIS);
        screen.printf("warm: %d messages, %d calls%n", driver.sent(), downstream.calls());
        var insides = new Insides(folder);
        tellInsides(insides, history, cluster, "plateau");
        var faults = options.crashPoints().isEmpty() ? faults(kinds) : kinds.crashes(options.crashPoints());
        var nemesis = new Nemesis(history, faults, options.seed(), screen);
        Runtime.getRuntime().addShutdownHook(new Thread(nemesis::stop));
        if (options.crashPoints().isEmpty()) {
            nemesis.run((long) (options.minutes() * 60_000));
        } else {
            nemesis.each();
        }
        cluster.heal();
        driver.stop();
        pauseSchedules(api);
        screen.printf("healed: %d messages, %d calls%n", driver.sent(), downstream.calls());
        var aftermath = new Aftermath(postgres, history);
        settle(aftermath, driver, callbacks);
        aftermath.read(api);
        comeToRest(insides, history, cluster);
        return downstream.calls();
    }

    private static void tellInsides(Insides insides, History history, Cluster cluster, String phase) {
        if (Insides.canBeRead()) {
            cluster.nodes().forEach(node -> insides.tell(history, node, phase));
        }
    }

    /** Threads of pools end when they have had nothing to do for a minute; the last that is told counts. */
    private static void comeToRest(Insides insides, History history, Cluster cluster) {
        for (int i = 0; i <= REST_LOOKS; i++) {
            tellInsides(insides, history, cluster, "rest");
            if (RoomRules.hold(history.events())) {
                return;
            }
            sleep(REST_LOOK_MILLIS);
        }
    }

    private List<Fault> faults(Faults kinds) {
        return kinds.all().stream()
                .filter(fault -> options.only().isEmpty() || options.only().contains(fault.name()))
                .toList();
    }

    /** Each node may still find a connection that the last fault broke. */
    private static void pauseSchedules(PlatformApi api) {
        for (int tries = 1; ; tries++) {
            try {
                api.post("/api/v1/schedule/pause", Map.of("reason", "all is to come to rest"))
                        .expect(200);
                return;
            } catch (RuntimeException notYet) {
                if (tries == PAUSES_TRIED) {
                    throw notYet;
                }
                sleep(500);
            }
        }
    }

    /** Until nothing is open for a while; what is open after the longest time is the checker's to tell. */
    private void settle(Aftermath aftermath, Driver driver, Callbacks callbacks) throws SQLException {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
        var quietSince = System.nanoTime();
        int open = 0;
        while (System.nanoTime() < end) {
            open = aftermath.open();
            if (open > 0 || !driver.isQuiet() || !callbacks.isQuiet()) {
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)) {
                break;
            }
            sleep(250);
        }
        screen.printf(
                "settled: %d open, driver %s, callbacks %s%n",
                open, driver.isQuiet() ? "quiet" : "busy", callbacks.isQuiet() ? "quiet" : "busy");
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
