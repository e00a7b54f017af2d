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
import java.util.TreeMap;
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
        if (arguments.length == 2 && arguments[0].equals("--judge")) {
            System.exit(judge(Path.of(arguments[1])) ? 0 : 1);
        }
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

    /** Holds the history of an earlier run against the invariants once more. */
    private static boolean judge(Path history) throws IOException {
        var findings = Checker.check(History.read(history));
        new TreeMap<>(findings.looks())
                .forEach((invariant, looks) -> System.out.printf("%-12s looked at %d times%n", invariant, looks));
        findings.violations().forEach(one -> System.out.printf("%s: %s%n", one.invariant(), one.what()));
        System.out.println(findings.violations().size() + " violations");
        return findings.violations().isEmpty();
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

    /** Everything that runs. */
    private record Stage(
            History history,
            Postgres postgres,
            Callbacks callbacks,
            Downstream downstream,
            Cluster cluster,
            Driver driver,
            Faults faults,
            Optional<DataSide> data) {}

    private int live(History history) throws IOException, SQLException {
        var links = new ArrayList<Link>();
        try (var machine = new Machine(history);
                var postgres = new Postgres(folder, shared);
                var callbacks = new Callbacks(history);
                var downstream = new Downstream(history, callbacks);
                var people = new People(history);
                var peopleLink = new Link("to people", people.webhook()::port);
                var cluster = new Cluster(
                        folder,
                        unpacked(Service.SCHEDULER, Cluster.JVM),
                        shared,
                        postgres,
                        !options.crashPoints().isEmpty())) {
            for (int i = 1; i <= DOWNSTREAM_INSTANCES; i++) {
                links.add(new Link("to downstream-" + i, downstream::port));
            }
            cluster.configure(links, peopleLink);
            Workload.tell(history);
            machine.start();
            var apis = cluster.nodes().stream().map(cluster::api).toList();
            try (var data = options.withData() ? data(history, postgres, cluster) : null;
                    var watcher = new Watcher(history, apis, options.seed());
                    var driver = new Driver(history, apis, options.perSecond(), options.seed(), watcher::offer)) {
                var faults = new Faults(cluster, postgres, downstream, callbacks, driver, links, people, peopleLink);
                return live(new Stage(
                        history, postgres, callbacks, downstream, cluster, driver, faults, Optional.ofNullable(data)));
            }
        } finally {
            links.forEach(Link::close);
        }
    }

    private DataSide data(History history, Postgres postgres, Cluster cluster) throws IOException {
        return new DataSide(
                history,
                folder,
                shared,
                unpacked(Service.PROVIDER, DataServices.JVM),
                unpacked(Service.CONSUMER, DataServices.JVM),
                postgres,
                cluster,
                options.seed());
    }

    /** A service with the bug if that is planted into it, and else without. */
    private UnpackedNode unpacked(Service service, List<String> jvm) throws IOException {
        var jar = service.jar(project);
        var sound = UnpackedNode.withArchiveFor(jar, jvm, shared.resolve("nodes"));
        if (options.plant().filter(plant -> plant.service() == service).isEmpty()) {
            return sound;
        }
        var planted = folder.resolve(PLANTED);
        return UnpackedNode.withArchiveFor(
                options.plant().get().into(jar, sound, project, planted), jvm, planted.resolve("nodes"));
    }

    private int live(Stage stage) throws SQLException {
        var faults =
                options.crashPoints().isEmpty() ? faults(stage) : stage.faults().crashes(options.crashPoints());
        stage.driver().start();
        stage.data().ifPresent(DataSide::start);
        sleep(WARM_MILLIS);
        screen.printf(
                "warm: %d messages, %d calls%n",
                stage.driver().sent(), stage.downstream().calls());
        var insides = new Insides(folder);
        tellInsides(insides, stage, "plateau");
        var nemesis = new Nemesis(stage.history(), faults, options.seed(), screen);
        Runtime.getRuntime().addShutdownHook(new Thread(nemesis::stop));
        if (options.crashPoints().isEmpty()) {
            nemesis.run((long) (options.minutes() * 60_000));
        } else {
            nemesis.each();
        }
        stage.cluster().heal();
        stage.data().ifPresent(DataSide::heal);
        stage.driver().stop();
        stage.data().ifPresent(DataSide::stop);
        var api = stage.cluster().api(stage.cluster().nodes().get(0));
        pauseSchedules(api);
        screen.printf(
                "healed: %d messages, %d calls%n",
                stage.driver().sent(), stage.downstream().calls());
        var aftermath = new Aftermath(stage.postgres(), stage.history());
        settle(aftermath, stage);
        var groups = Workload.groupKeys();
        if (stage.data().isPresent()) {
            groups.add(Workload.FILES);
            stage.data().get().read();
        }
        aftermath.read(api, groups);
        comeToRest(insides, stage);
        return stage.downstream().calls();
    }

    private static void tellInsides(Insides insides, Stage stage, String phase) {
        if (Insides.canBeRead()) {
            stage.cluster().nodes().forEach(node -> insides.tell(stage.history(), node, phase));
        }
    }

    /** Threads of pools end when they have had nothing to do for a minute; the last that is told counts. */
    private static void comeToRest(Insides insides, Stage stage) {
        for (int i = 0; i <= REST_LOOKS; i++) {
            tellInsides(insides, stage, "rest");
            if (RoomRules.hold(stage.history().events())) {
                return;
            }
            sleep(REST_LOOK_MILLIS);
        }
    }

    private List<Fault> faults(Stage stage) {
        var all = new ArrayList<>(stage.faults().all());
        stage.data().ifPresent(data -> all.addAll(data.faults()));
        var names = all.stream().map(Fault::name).toList();
        if (!names.containsAll(options.only())) {
            throw new IllegalArgumentException(
                    options.only() + " are not all among the kinds of faults that can be had here: " + names);
        }
        return all.stream()
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
    private void settle(Aftermath aftermath, Stage stage) throws SQLException {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
        var quietSince = System.nanoTime();
        int open = 0;
        var busy = List.<String>of();
        while (System.nanoTime() < end) {
            open = aftermath.open()
                    + (stage.data().isPresent() ? stage.data().get().open() : 0);
            busy = busy(stage);
            if (open > 0 || !busy.isEmpty()) {
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)) {
                break;
            }
            sleep(250);
        }
        screen.printf("settled: %d open, busy: %s%n", open, busy);
        busy.forEach(
                who -> stage.history().add("driver", "leftover", "what", who + ": something is still not answered"));
    }

    /** Who has something under way. */
    private static List<String> busy(Stage stage) {
        var busy = new ArrayList<String>();
        if (!stage.driver().isQuiet()) {
            busy.add("driver");
        }
        if (!stage.callbacks().isQuiet()) {
            busy.add("callbacks");
        }
        if (!stage.data().map(DataSide::isQuiet).orElse(true)) {
            busy.add("data");
        }
        return busy;
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
