package io.syncline.systemtests.demo;

import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The six processes: two scheduler nodes, the provider, two consumers, the portal. */
final class DemoSystem implements AutoCloseable {

    /** Small heaps and the quick compiler alone: six JVMs start on two cores. */
    private static final List<String> JVM =
            List.of("-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");

    private static final Duration READY_WITHIN = Duration.ofSeconds(150);
    private static final String BOOTSTRAP_CLIENT = "demo-admin";
    private static final String PERSON = "operator";

    private final DemoOptions options;
    private final Path project;
    private final Path home;
    private final Schemas schemas;
    private final String bootstrapSecret = Secrets.freshClientSecret();
    private final String wrappingKey = Secrets.freshKey();
    private final String personsPassword = Secrets.fresh(20);
    private final List<ServiceProcess> processes = new ArrayList<>();

    DemoSystem(DemoOptions options, Path project, Path home) {
        this.options = options;
        this.project = project;
        this.home = home;
        this.schemas = new Schemas(options);
    }

    /** Refuses to start when a port is taken, and says which and what to do. */
    static void checkPorts(DemoOptions options) {
        for (int port = options.basePort(); port < options.basePort() + DemoOptions.PORTS; port++) {
            if (!Ports.isFree(port)) {
                throw new DemoOptions.WrongOptionException(
                        "port %d on 127.0.0.1 is in use; choose six free ones in a row with --port BASE (now %d to %d)"
                                .formatted(port, options.basePort(), options.basePort() + DemoOptions.PORTS - 1));
            }
        }
    }

    /** Starts everything; independent services start beside each other. */
    PlatformApi start() {
        schemas.prepare();
        var first = startScheduler("scheduler-1", 0);
        first.awaitReady(READY_WITHIN);
        var platform = new PlatformApi(first.url(), BOOTSTRAP_CLIENT, bootstrapSecret);
        var providerSecret = platform.createClient("data-provider", "data-provider", List.of("triggers:write"));
        platform.put("/api/v1/systems/" + AirportsDaily.SYSTEM, AirportsDaily.system(List.of(url(3), url(4))));
        var consumerSecret =
                platform.createClient("data-consumer", AirportsDaily.SYSTEM, List.of("callbacks:write", "data:read"));
        var portalSecret = platform.createClient("portal", null, List.of("runs:read"));
        var dataSecret = platform.createClient("portal-data", null, List.of("runs:read"));
        platform.createPerson(PERSON, "Demo Operator", List.of("operator"), List.of("*"), personsPassword);
        platform.put("/api/v1/groups/" + AirportsDaily.GROUP, AirportsDaily.group());

        startScheduler("scheduler-2", 1);
        var providerSettings = client("data-provider");
        providerSettings.put("syncline.provider.owners", BOOTSTRAP_CLIENT);
        start("provider", Service.PROVIDER, 2, 320, "provider", providerSettings, secret(providerSecret));
        var consumerSettings = client("data-consumer");
        consumerSettings.put("syncline.consumer.provider-url", providerUrl());
        var firstConsumer =
                start("consumer-1", Service.CONSUMER, 3, 320, "consumer", consumerSettings, secret(consumerSecret));
        start(
                "portal",
                Service.PORTAL,
                5,
                192,
                null,
                settings(
                        "syncline.portal.platform-url",
                        platformUrl(),
                        "syncline.portal.client-id",
                        "portal",
                        "syncline.portal.data.provider-url",
                        providerUrl(),
                        "syncline.portal.data.consumer-url",
                        url(3),
                        "syncline.portal.data.client-id",
                        "portal-data"),
                Map.of(
                        "SYNCLINE_PORTAL_CLIENT_SECRET",
                        portalSecret,
                        "SYNCLINE_PORTAL_DATA_CLIENT_SECRET",
                        dataSecret));
        // The first instance of a service lays out its tables; the second finds them.
        firstConsumer.awaitReady(READY_WITHIN);
        start("consumer-2", Service.CONSUMER, 4, 320, "consumer", consumerSettings, secret(consumerSecret));
        processes.forEach(process -> process.awaitReady(READY_WITHIN));
        return platform;
    }

    String platformUrl() {
        return url(0);
    }

    String providerUrl() {
        return url(2);
    }

    String portalUrl() {
        return url(5);
    }

    /** Who signs in to the portal. */
    String person() {
        return PERSON;
    }

    String personsPassword() {
        return personsPassword;
    }

    String bootstrapClient() {
        return BOOTSTRAP_CLIENT;
    }

    String bootstrapSecret() {
        return bootstrapSecret;
    }

    List<ServiceProcess> processes() {
        return List.copyOf(processes);
    }

    /** The first process that ended on its own, or null. */
    @Nullable
    ServiceProcess ended() {
        return processes.stream()
                .filter(process -> !process.isAlive())
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        ServiceProcess.stopAll();
    }

    private ServiceProcess startScheduler(String name, int offset) {
        return start(
                name,
                Service.SCHEDULER,
                offset,
                384,
                "scheduler",
                settings(),
                Map.of(
                        "SYNCLINE_BOOTSTRAP_CLIENT_ID",
                        BOOTSTRAP_CLIENT,
                        "SYNCLINE_BOOTSTRAP_CLIENT_SECRET",
                        bootstrapSecret,
                        "SYNCLINE_WRAPPING_KEY",
                        wrappingKey,
                        "SYNCLINE_PUBLIC_URL",
                        platformUrl(),
                        "SYNCLINE_DESTINATIONS_ALLOW",
                        "http://127.0.0.1:*"));
    }

    private ServiceProcess start(
            String name,
            Service service,
            int offset,
            int heapMegabytes,
            @Nullable String schema,
            Map<String, String> settings,
            Map<String, String> environment) {
        var allSettings = new LinkedHashMap<>(settings);
        allSettings.put("syncline.home", home.toString());
        var allEnvironment = new LinkedHashMap<>(environment);
        if (schema != null) {
            allSettings.putAll(schemas.settings(schema));
            allEnvironment.putAll(schemas.environment());
        }
        var jvm = new ArrayList<>(JVM);
        jvm.add("-Xmx" + heapMegabytes + "m");
        var process = ServiceProcess.start(
                name, service.jar(project), options.basePort() + offset, jvm, allSettings, allEnvironment, home);
        processes.add(process);
        return process;
    }

    private Map<String, String> client(String clientId) {
        return settings(
                "syncline.client.platform-url",
                platformUrl(),
                "syncline.client.client-id",
                clientId,
                "syncline.client.system",
                clientId);
    }

    private static Map<String, String> secret(String clientSecret) {
        return Map.of("SYNCLINE_CLIENT_CLIENT_SECRET", clientSecret);
    }

    private static Map<String, String> settings(String... namesAndTexts) {
        var settings = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            settings.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return settings;
    }

    private String url(int offset) {
        return "http://127.0.0.1:" + (options.basePort() + offset);
    }
}
