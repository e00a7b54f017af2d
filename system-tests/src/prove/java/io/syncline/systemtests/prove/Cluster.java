package io.syncline.systemtests.prove;

import io.syncline.systemtests.Documents;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.crash.CrashAgent;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.ServiceProcess;
import io.syncline.systemtests.process.UnpackedNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Three nodes over one database, with a link on each way in and out. */
final class Cluster implements AutoCloseable {

    /**
     * @param database its way to the database
     * @param entrance the way of others to it
     * @param disk where its log is
     * @param crashOrder the file that says where it is to crash, where crashes are to be had
     */
    record Node(
            int number,
            ServiceProcess process,
            Link database,
            Link entrance,
            NodeClock clock,
            DiskSpace disk,
            Path crashOrder) {
        String name() {
            return process.name();
        }
    }

    private static final int NODES = 3;
    private static final int STARTS = 8;
    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    static final List<String> JVM = List.of(
            "-Xms64m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");
    static final String ADMIN = "prove";

    private final List<Node> nodes = new ArrayList<>();
    private final Link front;
    private final AtomicInteger turn = new AtomicInteger();
    private final String secret = "sl_" + random(32, Base64.getUrlEncoder().withoutPadding());
    private final String wrappingKey = random(32, Base64.getEncoder());

    /** @param crashing whether its nodes can be told where to crash */
    Cluster(Path home, UnpackedNode unpacked, Path shared, Postgres postgres, boolean crashing) {
        front = new Link("front", this::nextEntrance);
        var jvm = new ArrayList<>(JVM);
        jvm.add(unpacked.option());
        for (int number = 1; number <= NODES; number++) {
            var port = Ports.anyFree();
            var name = "node-" + number;
            var database = new Link(name + " to database", postgres::port);
            var clock = NodeClock.of(home, shared, name);
            var disk = DiskSpace.of(home, shared, name);
            var order = home.resolve(name + ".crash");
            var options = new ArrayList<>(jvm);
            if (crashing) {
                options.add(agent(home) + order);
            }
            var process = ServiceProcess.start(
                    name, unpacked.jar(), port, options, settings(name, database), environment(clock, disk), home);
            nodes.add(new Node(number, process, database, new Link("to " + name, () -> port), clock, disk, order));
            if (number == 1) {
                // Makes the schema.
                process.awaitReady(READY_WITHIN);
            }
        }
        nodes.forEach(node -> node.process().awaitReady(READY_WITHIN));
    }

    private static String agent(Path home) {
        try {
            return CrashAgent.option(home.resolve("crash-agent"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String random(int bytes, Base64.Encoder encoder) {
        var content = new byte[bytes];
        new SecureRandom().nextBytes(content);
        return encoder.encodeToString(content);
    }

    private static Map<String, String> settings(String name, Link database) {
        return Map.of(
                "syncline.node.id",
                name,
                "spring.datasource.url",
                Postgres.url(database.port(), Postgres.SCHEMA),
                "syncline.database.migrate",
                "true",
                "syncline.alerts.default-channels",
                People.CHANNEL,
                "syncline.alerts.group-interval",
                "PT5S");
    }

    private Map<String, String> environment(NodeClock clock, DiskSpace disk) {
        var all = new HashMap<String, String>();
        all.put("SPRING_DATASOURCE_USERNAME", Postgres.USER);
        all.put("SPRING_DATASOURCE_PASSWORD", Postgres.USER);
        all.put("SYNCLINE_BOOTSTRAP_CLIENT_ID", ADMIN);
        all.put("SYNCLINE_BOOTSTRAP_CLIENT_SECRET", secret);
        all.put("SYNCLINE_WRAPPING_KEY", wrappingKey);
        all.put("SYNCLINE_PUBLIC_URL", url());
        all.put("SYNCLINE_DESTINATIONS_ALLOW", "http://127.0.0.1:*");
        all.putAll(Shim.environment(clock.shim(), disk.shim()));
        return all;
    }

    /** As a load balancer without health checks: one node after the other. */
    private int nextEntrance() {
        return nodes.get(Math.floorMod(turn.getAndIncrement(), nodes.size()))
                .entrance()
                .port();
    }

    List<Node> nodes() {
        return nodes;
    }

    /** A client of one node, through its entrance. */
    PlatformApi api(Node node) {
        return new PlatformApi("http://127.0.0.1:" + node.entrance().port(), ADMIN, secret);
    }

    /** A client of whichever node comes next. */
    PlatformApi anyApi() {
        return new PlatformApi(url(), ADMIN, secret);
    }

    /** Where whichever node comes next answers; the public URL of all. */
    String url() {
        return "http://127.0.0.1:" + front.port();
    }

    /** Starts a node that has ended and waits until it is ready; again where another fault keeps it from starting. */
    void startAgain(Node node) {
        node.process().startUntilReady(STARTS, READY_WITHIN);
    }

    /** Whatever was done to them: all nodes run, with the right time and links that hand on all. */
    void heal() {
        for (Node node : nodes) {
            node.database().mend();
            node.entrance().mend();
            node.clock().wrongBy(Duration.ZERO);
            node.disk().free();
            if (node.process().isAlive()) {
                node.process().thaw();
            }
            startAgain(node);
        }
    }

    void configure(List<Link> downstream, Link people) {
        var api = api(nodes.get(0));
        People.put(api, people.port());
        Documents.putSystem(
                api,
                Workload.SYSTEM,
                64,
                downstream.stream()
                        .map(link -> "http://127.0.0.1:" + link.port())
                        .toList());
        Workload.putGroups(api);
    }

    @Override
    public void close() {
        nodes.forEach(node -> {
            if (node.process().isAlive()) {
                node.process().thaw();
            }
        });
        ServiceProcess.stopAll(nodes.stream().map(Node::process).toList());
        nodes.forEach(node -> {
            node.database().close();
            node.entrance().close();
        });
        front.close();
    }
}
