package io.syncline.systemtests.prove;

import io.syncline.systemtests.Documents;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.ServiceProcess;
import io.syncline.systemtests.process.UnpackedNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A provider and two consumers beside the nodes, with a link on each way in and out. */
final class DataServices implements AutoCloseable {

    /**
     * @param database its way to the database
     * @param entrance the way of others to it
     * @param disk where its files and its log are
     */
    record Member(ServiceProcess process, Link database, Link entrance, DiskSpace disk) {
        String name() {
            return process.name();
        }
    }

    static final String CONSUMER_SYSTEM = "data-consumer";
    static final List<String> SCHEMAS = List.of("provider", "consumer");
    private static final String PROVIDER_CLIENT = "data-provider";
    private static final String FEED = "changes";
    private static final int CONSUMERS = 2;
    private static final int STARTS = 8;
    private static final Duration READY_WITHIN = Duration.ofSeconds(120);
    static final List<String> JVM = List.of(
            "-Xms64m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");

    private final Cluster cluster;
    private final Postgres postgres;
    private final Path home;
    private final Path shared;
    /** The provider, then the consumers. */
    private final List<Member> members = new ArrayList<>();

    /**
     * Starts them once the nodes are ready.
     *
     * @param providerJar what the provider runs, with a bug or without
     * @param consumerJar what the consumers run
     */
    DataServices(
            Path home,
            Path shared,
            UnpackedNode providerJar,
            UnpackedNode consumerJar,
            Postgres postgres,
            Cluster cluster) {
        this.home = home;
        this.shared = shared;
        this.postgres = postgres;
        this.cluster = cluster;
        SCHEMAS.forEach(postgres::create);
        try {
            var api = cluster.anyApi();
            var secret = api.createClient(PROVIDER_CLIENT, PROVIDER_CLIENT, List.of("triggers:write"));
            var entrance = entrance("provider");
            start("provider", "provider", providerJar, PROVIDER_CLIENT, secret, providerSettings(), entrance);
            startConsumers(consumerJar, api);
            members.forEach(member -> member.process().awaitReady(READY_WITHIN));
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private void startConsumers(UnpackedNode jar, PlatformApi api) {
        var entrances = IntStream.rangeClosed(1, CONSUMERS)
                .mapToObj(number -> entrance("consumer-" + number))
                .toList();
        Documents.putSystem(
                api,
                CONSUMER_SYSTEM,
                8,
                entrances.stream()
                        .map(one -> "http://127.0.0.1:" + one.link().port())
                        .toList());
        var secret = api.createClient(CONSUMER_SYSTEM, CONSUMER_SYSTEM, List.of("callbacks:write", "data:read"));
        for (int i = 0; i < CONSUMERS; i++) {
            var name = "consumer-" + (i + 1);
            start(name, "consumer", jar, CONSUMER_SYSTEM, secret, consumerSettings(name), entrances.get(i));
            if (i == 0) {
                // Makes the schema.
                consumers().get(0).process().awaitReady(READY_WITHIN);
            }
        }
    }

    /** The way to a service, whose port is chosen before it starts. */
    private record Entrance(int port, Link link) {}

    private static Entrance entrance(String name) {
        var port = Ports.anyFree();
        return new Entrance(port, new Link("to " + name, () -> port));
    }

    private Map<String, String> providerSettings() {
        return Map.of(
                "syncline.provider.owners", Cluster.ADMIN,
                "syncline.provider.extracts.rows-per-file", Integer.toString(Days.ROWS_PER_FILE),
                "syncline.provider.push.allow-http", "true",
                "syncline.provider.push.allowed-networks", "127.0.0.0/8",
                "syncline.provider.push.timeout", "3s",
                // All are over before the run has settled; those of production end after days.
                "syncline.provider.push.schedule", "1s,2s,3s,5s,5s,5s,10s,10s,10s,10s,10s,10s,10s,10s");
    }

    private Map<String, String> consumerSettings(String name) {
        return Map.of(
                "syncline.consumer.provider-url",
                        "http://127.0.0.1:" + provider().entrance().port(),
                "syncline.consumer.instance-id", name,
                "syncline.consumer.read-timeout", "5s",
                "syncline.consumer.changes.longest-pause", "5s",
                "syncline.consumer.file-tries", "50");
    }

    private void start(
            String name,
            String schema,
            UnpackedNode unpacked,
            String client,
            String secret,
            Map<String, String> settings,
            Entrance entrance) {
        var database = new Link(name + " to database", postgres::port);
        var disk = DiskSpace.of(home, shared, name);
        var all = new LinkedHashMap<>(settings);
        all.put("syncline.home", home.resolve(name).toString());
        all.put("spring.datasource.url", Postgres.url(database.port(), schema, name));
        all.put("syncline.database.migrate", "true");
        all.put("syncline.client.platform-url", cluster.url());
        all.put("syncline.client.client-id", client);
        all.put("syncline.client.system", client);
        all.put("syncline.client.read-timeout", "5s");
        var environment = new HashMap<String, String>();
        environment.put("SPRING_DATASOURCE_USERNAME", Postgres.USER);
        environment.put("SPRING_DATASOURCE_PASSWORD", Postgres.USER);
        environment.put("SYNCLINE_CLIENT_CLIENT_SECRET", secret);
        environment.putAll(Shim.environment(disk.shim()));
        var jvm = new ArrayList<>(JVM);
        jvm.add(unpacked.option());
        var process = ServiceProcess.start(name, unpacked.jar(), entrance.port(), jvm, all, environment, home);
        members.add(new Member(process, database, entrance.link(), disk));
    }

    Member provider() {
        return members.get(0);
    }

    List<Member> consumers() {
        return members.subList(1, members.size());
    }

    List<Member> all() {
        return List.copyOf(members);
    }

    /** Changes of people are pushed to it from now on. */
    void subscribe(Owner owner, int port) {
        var done = owner.untilDone(
                "PUT",
                "/subscriptions/" + FEED,
                Map.of("Content-Type", "application/json"),
                Owner.bytes("{\"dataset\": \"%s\", \"endpoint\": \"http://127.0.0.1:%d/\"}"
                        .formatted(Society.DATASET, port)),
                status -> {});
        if (done == null) {
            throw new IllegalStateException("no subscription");
        }
    }

    void startAgain(Member member) {
        member.process().startUntilReady(STARTS, READY_WITHIN);
    }

    /** Whatever was done to them: all run, with links that hand on all. */
    void heal() {
        for (Member member : all()) {
            member.database().mend();
            member.entrance().mend();
            member.disk().free();
            if (member.process().isAlive()) {
                member.process().thaw();
            }
            startAgain(member);
        }
    }

    @Override
    public void close() {
        all().forEach(member -> {
            if (member.process().isAlive()) {
                member.process().thaw();
            }
        });
        ServiceProcess.stopAll(all().stream().map(Member::process).toList());
        all().forEach(member -> {
            member.database().close();
            member.entrance().close();
        });
    }
}
