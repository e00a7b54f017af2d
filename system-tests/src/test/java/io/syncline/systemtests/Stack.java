package io.syncline.systemtests;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.crash.CrashAgent;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceFailedException;
import io.syncline.systemtests.process.ServiceProcess;
import io.syncline.systemtests.process.UnpackedNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Services of one test in their own JVMs, over embedded H2 or over one PostgreSQL with a schema for each service. */
public final class Stack implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(150);
    private static final List<String> JVM = List.of(
            "-Xms64m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");
    private static final String ADMIN = "test-admin";
    /** In the form of those that the platform makes; a chosen one would cost a node 210,000 rounds for each token. */
    private static final String ADMIN_SECRET = freshClientSecret();
    /** Protects nothing; every stack of the tests has it. */
    private static final String WRAPPING_KEY = "c3luY2xpbmUtdGVzdHMtd3JhcHBpbmcta2V5LW5vdDE=";

    private final Path home;
    private final @Nullable EmbeddedPostgres postgres;
    private final int platformPort = Ports.anyFree();
    private final List<ServiceProcess> processes = new CopyOnWriteArrayList<>();
    /** One for each node, since each fetches a token of its own. */
    private final Map<String, PlatformApi> platforms = new ConcurrentHashMap<>();

    private Stack(Path home, @Nullable EmbeddedPostgres postgres) {
        this.home = home;
        this.postgres = postgres;
    }

    public static Stack onH2(Path home) {
        return new Stack(home, null);
    }

    public static Stack onPostgres(Path home) {
        try {
            var postgres = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "200")
                    .start();
            try (var connection = postgres.getPostgresDatabase().getConnection();
                    var statement = connection.createStatement()) {
                for (var service : List.of("scheduler", "provider", "consumer")) {
                    statement.execute("create schema " + service);
                }
            }
            return new Stack(home, postgres);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        } catch (SQLException trouble) {
            throw new IllegalStateException(trouble);
        }
    }

    private static String freshClientSecret() {
        var secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return "sl_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    static String admin() {
        return ADMIN;
    }

    static String adminSecret() {
        return ADMIN_SECRET;
    }

    static String wrappingKey() {
        return WRAPPING_KEY;
    }

    /** Where the first node answers; the public URL of all nodes. */
    public String platformUrl() {
        return "http://127.0.0.1:" + platformPort;
    }

    public PlatformApi platform() {
        return platformAt(platformUrl());
    }

    PlatformApi platformAt(String url) {
        return platforms.computeIfAbsent(url, any -> new PlatformApi(any, ADMIN, ADMIN_SECRET));
    }

    /** The first node, at the public URL. */
    public ServiceProcess startNode(String... settings) {
        return start("node-1", Service.SCHEDULER, platformPort, "scheduler", nodeEnvironment(), settings);
    }

    /** As the first node, with an agent that ends it where the file says. */
    ServiceProcess startNodeThatCrashes(Path order, String... settings) throws IOException {
        var environment = new LinkedHashMap<>(nodeEnvironment());
        environment.put("JAVA_TOOL_OPTIONS", CrashAgent.option(home.resolve("crash-agent")) + order);
        return start("node-1", Service.SCHEDULER, platformPort, "scheduler", environment, settings);
    }

    /** As the provider, with an agent that ends it where the file says. */
    ServiceProcess startProviderThatCrashes(Path order, String clientSecret, String... settings) throws IOException {
        return start(
                "provider",
                Service.PROVIDER,
                Ports.anyFree(),
                "provider",
                crashing(order, clientSecret),
                with(with(settings, "syncline.provider.owners=" + ADMIN), client("data-provider")));
    }

    /** As a consumer, with an agent that ends it where the file says. */
    ServiceProcess startConsumerThatCrashes(Path order, int port, String clientSecret, String... settings)
            throws IOException {
        return start(
                "consumer-1",
                Service.CONSUMER,
                port,
                "consumer",
                crashing(order, clientSecret),
                with(settings, client("data-consumer")));
    }

    private Map<String, String> crashing(Path order, String clientSecret) throws IOException {
        return Map.of(
                "SYNCLINE_CLIENT_CLIENT_SECRET",
                clientSecret,
                "JAVA_TOOL_OPTIONS",
                CrashAgent.option(home.resolve("crash-agent")) + order);
    }

    ServiceProcess startAnotherNode(String name, String... settings) {
        return start(name, Service.SCHEDULER, Ports.anyFree(), "scheduler", nodeEnvironment(), settings);
    }

    ServiceProcess startProvider(String clientSecret, String... settings) {
        return startProviderAs("data-provider", clientSecret, settings);
    }

    /** @param client a client of its own, where others of the same platform have the usual one */
    ServiceProcess startProviderAs(String client, String clientSecret, String... settings) {
        return start(
                "provider",
                Service.PROVIDER,
                Ports.anyFree(),
                "provider",
                Map.of("SYNCLINE_CLIENT_CLIENT_SECRET", clientSecret),
                with(with(settings, "syncline.provider.owners=" + ADMIN), client(client)));
    }

    ServiceProcess startConsumer(String name, int port, String clientSecret, String... settings) {
        return startConsumerAs("data-consumer", name, port, clientSecret, settings);
    }

    /** @param client a client of its own, where others of the same platform have the usual one */
    ServiceProcess startConsumerAs(String client, String name, int port, String clientSecret, String... settings) {
        return start(
                name,
                Service.CONSUMER,
                port,
                "consumer",
                Map.of("SYNCLINE_CLIENT_CLIENT_SECRET", clientSecret),
                with(settings, client(client)));
    }

    public ServiceProcess startPortal(String clientSecret, String... settings) {
        return start(
                "portal",
                Service.PORTAL,
                Ports.anyFree(),
                "none",
                Map.of("SYNCLINE_PORTAL_CLIENT_SECRET", clientSecret),
                with(settings, "syncline.portal.platform-url=" + platformUrl(), "syncline.portal.client-id=portal"));
    }

    /** A connection to the tables of one service; on PostgreSQL alone. */
    Connection database(String service) throws SQLException {
        if (postgres == null) {
            throw new IllegalStateException("no PostgreSQL in this stack");
        }
        var connection = postgres.getPostgresDatabase().getConnection();
        connection.setSchema(service);
        return connection;
    }

    private String[] client(String key) {
        return new String[] {
            "syncline.client.platform-url=" + platformUrl(),
            "syncline.client.client-id=" + key,
            "syncline.client.system=" + key
        };
    }

    private Map<String, String> nodeEnvironment() {
        return Map.of(
                "SYNCLINE_BOOTSTRAP_CLIENT_ID",
                ADMIN,
                "SYNCLINE_BOOTSTRAP_CLIENT_SECRET",
                ADMIN_SECRET,
                "SYNCLINE_WRAPPING_KEY",
                WRAPPING_KEY,
                "SYNCLINE_PUBLIC_URL",
                platformUrl(),
                "SYNCLINE_DESTINATIONS_ALLOW",
                "http://127.0.0.1:*");
    }

    private ServiceProcess start(
            String name,
            Service service,
            int port,
            String schema,
            Map<String, String> environment,
            String... settings) {
        var all = new LinkedHashMap<String, String>();
        all.put("syncline.home", home.toString());
        var allEnvironment = new LinkedHashMap<>(environment);
        if (postgres != null) {
            all.put(
                    "spring.datasource.url",
                    "jdbc:postgresql://127.0.0.1:%d/postgres?currentSchema=%s".formatted(postgres.getPort(), schema));
            all.put("syncline.database.migrate", "true");
            // The embedded server of the tests runs without fsync.
            all.put("syncline.database.allow-unsafe-durability", "true");
            allEnvironment.put("SPRING_DATASOURCE_USERNAME", "postgres");
            allEnvironment.put("SPRING_DATASOURCE_PASSWORD", "postgres");
        }
        for (var setting : settings) {
            var at = setting.indexOf('=');
            all.put(setting.substring(0, at), setting.substring(at + 1));
        }
        var jar = service.jar(Project.root());
        var jvm = new ArrayList<>(JVM);
        if (service == Service.SCHEDULER) {
            var node = UnpackedNode.withArchiveFor(
                    jar, JVM, Path.of("target").toAbsolutePath().resolve("nodes"));
            jar = node.jar();
            jvm.add(node.option());
        }
        var process = ServiceProcess.start(name, jar, port, jvm, all, allEnvironment, home);
        processes.add(process);
        return process;
    }

    public static ServiceProcess ready(ServiceProcess process) {
        try {
            return process.awaitReady(READY_WITHIN);
        } catch (ServiceFailedException failed) {
            throw new AssertionError(failed.getMessage() + "\n" + String.join("\n", failed.lastLogLines()), failed);
        }
    }

    private static String[] with(String[] settings, String... more) {
        var all = Arrays.copyOf(more, more.length + settings.length);
        System.arraycopy(settings, 0, all, more.length, settings.length);
        return all;
    }

    @Override
    public void close() throws IOException {
        // Only its own: another stack may be running for other tests.
        ServiceProcess.stopAll(processes);
        if (postgres != null) {
            postgres.close();
        }
    }
}
