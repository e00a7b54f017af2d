package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.crash.Crash;
import io.syncline.systemtests.crash.CrashPoint;
import io.syncline.systemtests.prove.Callbacks.Manner;
import io.syncline.systemtests.prove.Cluster.Node;
import io.syncline.systemtests.prove.Downstream.Weather;
import io.syncline.systemtests.prove.Link.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** All kinds of faults, over the parts that they are injected into. */
final class Faults {

    private static final String LOCK_WORK = """
            select 1 from task_run where state in ('DUE', 'CALLING', 'RUNNING') order by task_run_id for update""";

    private static final String LOCK_CLOCK = """
            select 1 from qrtz_locks for update""";

    private static final String STICK = """
            update qrtz_triggers set trigger_state = ? where trigger_state = 'WAITING' and trigger_name not in
                   (select trigger_name from qrtz_fired_triggers)""";

    private static final String STUCK = """
            select count(*) from qrtz_triggers where trigger_state = ?""";

    private static final String NEXT_LOG_FILE = """
            select pg_logical_emit_message(true, 'prove', 'fills the log'), pg_switch_wal()""";

    /** More than the server keeps ready. */
    private static final int LOG_FILES = 80;

    /** A place that nothing comes to within 10 s is tried on another node. */
    private static final int CRASH_LOOKS = 200;

    private static final int CRASH_LOOK_MILLIS = 50;

    /** Two minutes. */
    private static final int RARE_LOOKS = 2400;

    private static final int DELUGE = 10_000;

    private static final int DELUGE_BATCH = 100;

    /** Over three nodes more than each of them has connections for requests. */
    private static final int READERS = 60;

    private static final String LOCK_AUDIT = """
            lock table audit_entry in access exclusive mode""";

    /** Answers to copies are waited for as long as a database may be away. */
    private static final int ANSWER_LOOKS = 80;

    private static final int ANSWER_LOOK_MILLIS = 500;

    private static final int LOG_LOOKS = 60;

    private static final int LOG_LOOK_MILLIS = 500;

    private final Cluster cluster;
    private final Postgres postgres;
    private final Downstream downstream;
    private final Callbacks callbacks;
    private final Driver driver;
    private final List<Link> downstreamLinks;
    private final People people;
    private final Link peopleLink;
    /** Two of three nodes are never lost at once, or nothing would be left to take over. */
    private final Semaphore nodes = new Semaphore(1);

    private final Semaphore database = new Semaphore(1);
    /** One at a time can be what the downstream, its callbacks, or people are like. */
    private final Semaphore behaviour = new Semaphore(1);

    private final Semaphore reports = new Semaphore(1);
    /** A link is spoilt in one way at a time. */
    private final Semaphore linksDown = new Semaphore(1);

    private final Semaphore entrances = new Semaphore(1);
    private final Semaphore told = new Semaphore(1);

    Faults(
            Cluster cluster,
            Postgres postgres,
            Downstream downstream,
            Callbacks callbacks,
            Driver driver,
            List<Link> downstreamLinks,
            People people,
            Link peopleLink) {
        this.cluster = cluster;
        this.postgres = postgres;
        this.downstream = downstream;
        this.callbacks = callbacks;
        this.driver = driver;
        this.downstreamLinks = downstreamLinks;
        this.people = people;
        this.peopleLink = peopleLink;
    }

    List<Fault> all() {
        var all = new ArrayList<Fault>();
        nodeFaults(all);
        databaseFaults(all);
        linkFaults(all);
        downstreamFaults(all);
        callbackFaults(all);
        triggerFaults(all);
        peopleFaults(all);
        all.add(new Fault("reads-slow", "", Fault.alone(database, this::slowReads)));
        return all;
    }

    // ---- nodes

    private void nodeFaults(List<Fault> all) {
        all.add(new Fault("node-kill", "node", Fault.alone(nodes, this::kill)));
        all.add(new Fault(
                "node-freeze", "node", Fault.alone(nodes, strike -> freeze(strike, strike.between(14_000, 20_000)))));
        all.add(new Fault(
                "node-blink", "node", Fault.alone(nodes, strike -> freeze(strike, strike.between(500, 6_000)))));
        all.add(new Fault("node-stop", "node", Fault.alone(nodes, strike -> {
            var node = anyNode(strike);
            strike.begin(node.name());
            restart(strike, node);
        })));
        all.add(new Fault("rolling-restart", "node", Fault.alone(nodes, strike -> {
            strike.begin("all nodes");
            for (Node node : cluster.nodes()) {
                restart(strike, node);
            }
        })));
        if (cluster.nodes().stream().allMatch(node -> node.clock().canBeSet())) {
            all.add(new Fault("node-clock", "", this::wrongClock));
        }
        if (cluster.nodes().stream().allMatch(node -> node.disk().canBeUsedUp())) {
            all.add(new Fault("node-disk-full", "dispatch", Fault.alone(database, this::fillNode)));
        }
    }

    /** A node ends before, and another time after, each of these places. */
    List<Fault> crashes(List<String> points) {
        var all = new ArrayList<Fault>();
        for (String point : points) {
            for (String when : List.of("before", "after")) {
                all.add(new Fault("crash-" + when + "-" + point, "node", Fault.alone(nodes, strike -> {
                    if (isRare(point)) {
                        crashOne(strike, when, point);
                    } else {
                        crash(strike, when, point);
                    }
                })));
            }
        }
        return all;
    }

    /** One node after the other: a connection that is kept open may bring all calls of a kind to the others. */
    private void crash(Strike strike, String when, String point) throws IOException {
        var first = cluster.nodes().indexOf(anyNode(strike));
        strike.begin("a node");
        for (int i = 0; i < cluster.nodes().size() && !strike.hasHit(); i++) {
            var node = cluster.nodes().get((first + i) % cluster.nodes().size());
            Crash.order(node.crashOrder(), when, point);
            await(strike, node);
            if (!node.process().isAlive() && Crash.isDone(node.crashOrder())) {
                strike.lost(node.name());
            }
            Crash.forget(node.crashOrder());
            strike.hold(2 * Crash.LOOK_MILLIS);
            strike.hit(
                    !node.process().isAlive() && Crash.isDone(node.crashOrder()),
                    node.name() + " ended by itself " + when + " " + point);
            cluster.startAgain(node);
        }
    }

    /** Messages to people are few, and whichever node comes to tell them. */
    private static boolean isRare(String point) {
        return CrashPoint.OUTBOX.stream().anyMatch(one -> one.name().equals(point));
    }

    /** Whichever node comes to the place first. */
    private void crashOne(Strike strike, String when, String point) throws IOException {
        strike.begin("a node");
        for (Node node : cluster.nodes()) {
            Crash.order(node.crashOrder(), when, point);
        }
        Optional<Node> ended = Optional.empty();
        for (int i = 0; i < RARE_LOOKS && ended.isEmpty(); i++) {
            strike.hold(CRASH_LOOK_MILLIS);
            ended = cluster.nodes().stream()
                    .filter(node -> !node.process().isAlive() && Crash.isDone(node.crashOrder()))
                    .findFirst();
        }
        for (Node node : cluster.nodes()) {
            Crash.forget(node.crashOrder());
        }
        ended.ifPresent(node -> strike.lost(node.name()));
        strike.hold(2 * Crash.LOOK_MILLIS);
        strike.hit(
                ended.isPresent(), ended.map(Node::name).orElse("no node") + " ended by itself " + when + " " + point);
        for (Node node : cluster.nodes()) {
            if (!node.process().isAlive()) {
                cluster.startAgain(node);
            }
        }
    }

    private static void await(Strike strike, Node node) {
        for (int i = 0; i < CRASH_LOOKS && node.process().isAlive(); i++) {
            strike.hold(CRASH_LOOK_MILLIS);
        }
    }

    private Node anyNode(Strike strike) {
        return strike.oneOf(cluster.nodes());
    }

    private void kill(Strike strike) {
        var node = anyNode(strike);
        strike.begin(node.name());
        node.process().kill();
        strike.hit(!node.process().isAlive(), "ended by SIGKILL");
        strike.hold(strike.between(1000, 8000));
        cluster.startAgain(node);
    }

    private void freeze(Strike strike, int millis) {
        var node = anyNode(strike);
        strike.begin(node.name());
        node.process().freeze();
        try {
            strike.hold(millis);
        } finally {
            node.process().thaw();
        }
        strike.hit(node.process().isAlive(), "stopped for " + millis + " ms");
    }

    private void restart(Strike strike, Node node) throws InterruptedException {
        node.process().terminate();
        for (int i = 0; i < 450 && node.process().isAlive(); i++) {
            strike.hold(100);
        }
        strike.hit(!node.process().isAlive(), "ended by SIGTERM");
        cluster.startAgain(node);
    }

    /**
     * Its log and whatever else it writes; it works on, and when there is space it writes again. That its way to the database
     * breaks meanwhile gives it something to say.
     */
    private void fillNode(Strike strike) throws IOException {
        var node = anyNode(strike);
        strike.begin(node.name());
        node.disk().useUp(true);
        try {
            node.database().spoil(Mode.RESET, 0);
            strike.hold(2000);
            node.database().mend();
            strike.hold(strike.between(4000, 8000));
        } finally {
            node.database().mend();
            node.disk().free();
        }
        var refused = node.disk().refused();
        var size = Files.size(node.process().log());
        for (int i = 0; i < LOG_LOOKS && Files.size(node.process().log()) == size; i++) {
            strike.hold(LOG_LOOK_MILLIS);
        }
        var writes = Files.size(node.process().log()) > size;
        strike.hit(
                refused > 0 && node.process().isAlive() && writes,
                "growth refused " + refused + " times" + (writes ? ", written again" : ", nothing written since"));
    }

    private void wrongClock(Strike strike) {
        var node = anyNode(strike);
        strike.begin(node.name());
        var hours = strike.coin() ? 1 : -1;
        try {
            if (strike.coin()) {
                node.clock().wrongBy(Duration.ofHours(hours));
                strike.hold(strike.between(5000, 15_000));
            } else {
                for (int i = 0; i < 20; i++) {
                    node.clock().wrongBy(i % 2 == 0 ? Duration.ofHours(hours) : Duration.ZERO);
                    strike.hold(400);
                }
            }
        } finally {
            node.clock().wrongBy(Duration.ZERO);
        }
        strike.hit(node.process().isAlive(), "wrong by " + hours + " h");
    }

    // ---- database

    private void databaseFaults(List<Fault> all) {
        all.add(new Fault("database-crash", "database dispatch", Fault.alone(database, strike -> {
            strike.begin("database");
            postgres.crash();
            strike.hold(strike.between(500, 8000));
            postgres.startAgain();
            strike.hit(true, "stopped at once and started again");
        })));
        all.add(new Fault("database-restart", "database dispatch", Fault.alone(database, strike -> {
            strike.begin("database");
            postgres.stop();
            strike.hold(strike.between(200, 3000));
            postgres.startAgain();
            strike.hit(true, "stopped and started again");
        })));
        all.add(new Fault("work-locked", "dispatch", Fault.alone(database, strike -> lock(strike, LOCK_WORK))));
        all.add(new Fault("clock-locked", "dispatch", Fault.alone(database, strike -> lock(strike, LOCK_CLOCK))));
        all.add(new Fault("clock-stuck", "", Fault.alone(database, this::stick)));
        if (postgres.disk().canBeUsedUp()) {
            all.add(new Fault(
                    "database-disk-full",
                    "database dispatch",
                    Fault.alone(database, strike -> fillDatabase(strike, true))));
            all.add(new Fault(
                    "database-tables-full",
                    "database dispatch",
                    Fault.alone(database, strike -> fillDatabase(strike, false))));
        }
    }

    /**
     * The tables alone, or with them the write-ahead log, without whose next file the server ends. Then whoever looks after it
     * starts it again once there is space.
     */
    private void fillDatabase(Strike strike, boolean log) {
        strike.begin("database");
        postgres.disk().useUp(log);
        long refused;
        boolean ended;
        try {
            var millis = strike.between(6000, 12_000);
            if (log) {
                strike.hold(millis / 2);
                fillLog();
            }
            strike.hold(log ? millis / 2 : millis);
        } finally {
            refused = postgres.disk().refused();
            postgres.disk().free();
            ended = postgres.recover();
        }
        strike.hit(refused > 0, "growth refused " + refused + " times" + (ended ? ", which ended the server" : ""));
    }

    /** Goes on from file to file of the log, as more work would, until there is no next one. */
    private void fillLog() {
        try (var connection = postgres.connect("prove");
                var statement = connection.createStatement()) {
            for (int i = 0; i < LOG_FILES; i++) {
                statement.execute(NEXT_LOG_FILE);
            }
        } catch (SQLException full) {
            // As it has to be.
        }
    }

    /** As a session does whose client sleeps inside a transaction. */
    private void lock(Strike strike, String statement) throws SQLException {
        strike.begin("database");
        try (var connection = postgres.connect("prove-ghost");
                var select = connection.createStatement()) {
            connection.setAutoCommit(false);
            int rows = 0;
            try (var locked = select.executeQuery(statement)) {
                while (locked.next()) {
                    rows++;
                }
            }
            strike.hold(strike.between(4000, 9000));
            connection.rollback();
            strike.hit(rows > 0, rows + " rows held");
        }
    }

    /** Triggers that nobody will ever fire: nothing waits for them, and the watchdog sets them free. */
    private void stick(Strike strike) throws SQLException {
        var state = strike.oneOf(List.of("ACQUIRED", "BLOCKED", "ERROR"));
        strike.begin(state);
        int rows;
        try (var connection = postgres.connect("prove");
                var update = connection.prepareStatement(STICK)) {
            update.setString(1, state);
            rows = update.executeUpdate();
        }
        strike.hold(2000);
        try (var connection = postgres.connect("prove");
                var select = connection.prepareStatement(STUCK)) {
            select.setString(1, state);
            try (var row = select.executeQuery()) {
                row.next();
                strike.hit(rows > 0, rows + " triggers set to " + state + ", " + row.getInt(1) + " two seconds later");
            }
        }
    }

    // ---- links

    private void linkFaults(List<Fault> all) {
        for (boolean everyNode : new boolean[] {false, true}) {
            var stops = everyNode ? "database dispatch" : "dispatch";
            var prefix = everyNode ? "database-links-" : "database-link-";
            all.add(new Fault(prefix + "reset", stops, databaseLinks(everyNode, Mode.RESET, 2000, 10_000, 0)));
            all.add(new Fault(
                    prefix + "black-hole",
                    stops,
                    databaseLinks(everyNode, Mode.BLACK_HOLE, 4000, everyNode ? 12_000 : 20_000, 0)));
        }
        all.add(new Fault("database-link-delay", "dispatch", databaseLinks(true, Mode.DELAY, 4000, 8000, 40)));
        all.add(new Fault(
                "database-link-throttle", "dispatch", databaseLinks(false, Mode.THROTTLE, 4000, 8000, 20_000)));
        all.add(new Fault(
                "database-link-half-close", "dispatch", databaseLinks(false, Mode.HALF_CLOSE, 1000, 3000, 0)));
        all.add(new Fault("database-link-cut", "dispatch", databaseLinks(false, Mode.CUT, 3000, 6000, 30_000)));
        all.add(new Fault("commit-unknown", "dispatch", databaseLinks(false, Mode.CUT_AFTER_COMMIT, 1500, 3000, 0)));
        all.add(new Fault("commit-lost", "dispatch", databaseLinks(false, Mode.CUT_BEFORE_COMMIT, 1500, 3000, 0)));
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE, Mode.DELAY, Mode.THROTTLE, Mode.HALF_CLOSE, Mode.CUT)) {
            all.add(new Fault(
                    Fault.name("downstream-link", mode),
                    "downstream",
                    Fault.alone(
                            linksDown,
                            strike -> LinkFaults.spoil(
                                    strike,
                                    LinkFaults.oneOrAll(strike, downstreamLinks),
                                    mode,
                                    strike.between(3000, 9000)))));
        }
        var doors = cluster.nodes().stream().map(Node::entrance).toList();
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE, Mode.DELAY, Mode.CUT)) {
            all.add(new Fault(
                    Fault.name("entrance", mode),
                    "",
                    Fault.alone(
                            entrances,
                            strike -> LinkFaults.spoil(
                                    strike, List.of(strike.oneOf(doors)), mode, strike.between(3000, 8000)))));
        }
    }

    private Fault.Action databaseLinks(boolean all, Mode mode, int least, int most, int amount) {
        return Fault.alone(database, strike -> {
            var links = cluster.nodes().stream().map(Node::database).toList();
            LinkFaults.spoil(
                    strike, all ? links : List.of(strike.oneOf(links)), mode, amount, strike.between(least, most));
        });
    }

    // ---- downstream

    private void downstreamFaults(List<Fault> all) {
        for (Weather weather : Weather.values()) {
            if (weather != Weather.FAIR) {
                all.add(new Fault(Fault.name("downstream", weather), "downstream", Fault.alone(behaviour, strike -> {
                    strike.begin("downstream");
                    downstream.weather(weather);
                    try {
                        strike.hold(strike.between(3000, 8000));
                    } finally {
                        strike.hit(downstream.spoilt() > 0, downstream.spoilt() + " calls");
                        downstream.weather(Weather.FAIR);
                    }
                })));
            }
        }
    }

    private void callbackFaults(List<Fault> all) {
        for (Manner manner : Manner.values()) {
            if (manner != Manner.PROPER) {
                all.add(new Fault(Fault.name("callbacks", manner), "", Fault.alone(reports, strike -> {
                    strike.begin("callbacks");
                    callbacks.manner(manner);
                    try {
                        strike.hold(manner == Manner.FLOODING ? 1500 : strike.between(3000, 6000));
                    } finally {
                        strike.hit(callbacks.spoilt() > 0, callbacks.spoilt() + " task runs");
                        callbacks.manner(Manner.PROPER);
                    }
                })));
            }
        }
    }

    private void triggerFaults(List<Fault> all) {
        all.add(new Fault("trigger-copies", "", strike -> {
            strike.begin("messages");
            var ids = new ArrayList<String>();
            for (int i = 0; i < 4; i++) {
                ids.add(driver.burst(30, false));
                strike.hold(500);
            }
            hitByAnswers(strike, ids, 200, "4 messages in 30 copies each");
        }));
        all.add(new Fault("trigger-two-contents", "", strike -> {
            strike.begin("messages");
            var ids = new ArrayList<String>();
            for (int i = 0; i < 6; i++) {
                ids.add(driver.burst(8, true));
                strike.hold(400);
            }
            hitByAnswers(strike, ids, 422, "6 messages in 8 copies of two contents each");
        }));
        all.add(new Fault("trigger-flood", "", strike -> {
            strike.begin("messages");
            var before = driver.sent();
            driver.flood(200);
            strike.hold(2000);
            strike.hit(driver.sent() - before >= 200, (driver.sent() - before) + " messages within two seconds");
        }));
        all.add(new Fault("trigger-deluge", "", strike -> {
            strike.begin("messages");
            var began = System.nanoTime();
            var answers = driver.deluge(DELUGE, DELUGE_BATCH).get(2, TimeUnit.MINUTES);
            var seconds = (System.nanoTime() - began) / 1e9;
            strike.hit(
                    answers.getOrDefault("429", 0) + answers.getOrDefault("503", 0) > 0,
                    "%d messages answered in %.1f s: %s".formatted(DELUGE, seconds, new TreeMap<>(answers)));
        }));
    }

    /** Copies hit where the platform has seen that they are: other faults may hold the answers up for a while. */
    private void hitByAnswers(Strike strike, List<String> ids, int status, String what) {
        int answers = driver.answers(ids, status);
        for (int i = 0; i < ANSWER_LOOKS && answers == 0; i++) {
            strike.hold(ANSWER_LOOK_MILLIS);
            answers = driver.answers(ids, status);
        }
        strike.hit(answers > 0, "%s, %d answered %d".formatted(what, answers, status));
    }

    // ---- readers

    /** Many ask at once for what takes long, since what they read is locked: no connection is left for requests. */
    private void slowReads(Strike strike) throws SQLException {
        strike.begin("connections of requests");
        var apis = cluster.nodes().stream().map(cluster::api).toList();
        var reading = new AtomicBoolean(true);
        var waited = new AtomicInteger();
        var readers = IntStream.range(0, READERS)
                .mapToObj(i -> new Thread(() -> read(apis.get(i % apis.size()), reading, waited), "reader " + i))
                .toList();
        try (var connection = postgres.connect("prove-ghost");
                var lock = connection.createStatement()) {
            connection.setAutoCommit(false);
            lock.execute(LOCK_AUDIT);
            readers.forEach(Thread::start);
            strike.hold(strike.between(8000, 12_000));
            connection.rollback();
        } finally {
            reading.set(false);
        }
        strike.hit(
                waited.get() >= READERS, waited.get() + " reads waited for a lock or a connection and were given up");
    }

    private static void read(PlatformApi api, AtomicBoolean reading, AtomicInteger waited) {
        while (reading.get()) {
            try {
                if (api.get("/api/v1/audit?limit=200").status() == 503) {
                    waited.incrementAndGet();
                }
            } catch (RuntimeException noAnswer) {
                // The next one.
            }
        }
    }

    // ---- who is told of alerts

    /** Longer than an incident waits with its next message; there is something to tell. */
    private void peopleFaults(List<Fault> all) {
        all.add(new Fault("people-away", "", Fault.alone(told, strike -> {
            strike.begin("people");
            people.webhook().away(true);
            try {
                failForAWhile(strike);
            } finally {
                strike.hit(people.webhook().refused() > 0, people.webhook().refused() + " messages refused");
                people.webhook().away(false);
            }
        })));
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE)) {
            all.add(new Fault(Fault.name("people-link", mode), "", Fault.alone(told, strike -> {
                strike.begin("people");
                peopleLink.spoil(mode, 0);
                try {
                    failForAWhile(strike);
                } finally {
                    peopleLink.mend();
                }
                strike.hit(peopleLink.hits() > 0, peopleLink.hits() + " pieces or connections");
            })));
        }
    }

    private void failForAWhile(Strike strike) {
        var parts = strike.between(8, 14);
        for (int i = 0; i < parts; i++) {
            driver.send(Workload.HOPELESS);
            strike.hold(1000);
        }
    }
}
