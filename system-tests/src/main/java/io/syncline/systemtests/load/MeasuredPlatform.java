package io.syncline.systemtests.load;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The platform on a PostgreSQL database of its own, as a benchmark needs it: nodes in JVMs of their own, one client, counters. */
public final class MeasuredPlatform implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final String CLIENT = "bench";
    private static final int BATCH = 100;
    private static final int SENDERS = 4;

    private final String jdbcUrl;
    private final Path home;
    private final String secret = UUID.randomUUID().toString() + UUID.randomUUID();
    private final String wrappingKey = wrappingKey();
    private final List<ServiceProcess> nodes = new ArrayList<>();
    private final DatabaseWork work;
    private @Nullable PlatformApi api;

    /** One for all nodes: what is signed in its name at one is good at the others. */
    private @Nullable String publicUrl;

    /** @param jdbcUrl of an empty database whose user owns it, see {@link CountingPostgres} */
    public MeasuredPlatform(String jdbcUrl, Path home) {
        this.jdbcUrl = jdbcUrl;
        this.home = home;
        this.work = new DatabaseWork(jdbcUrl, CountingPostgres.USER, CountingPostgres.PASSWORD);
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @param jvm such as a heap size, or a recording for a profile
     * @param settings Spring properties beside those that every node has
     */
    public ServiceProcess start(List<String> jvm, Map<String, String> settings) {
        var node = begin(Service.SCHEDULER.jar(Project.root()), jvm, settings).awaitReady(READY_WITHIN);
        nodes.add(node);
        return node;
    }

    /** Starts a node from a jar and does not wait; the caller closes it. */
    public ServiceProcess begin(Path jar, List<String> jvm, Map<String, String> settings) {
        int port = Ports.anyFree();
        if (publicUrl == null) {
            publicUrl = "http://127.0.0.1:" + port;
        }
        var all = new HashMap<>(settings);
        all.put("syncline.public-url", publicUrl);
        all.put("spring.datasource.url", jdbcUrl);
        all.put("spring.datasource.username", CountingPostgres.USER);
        all.put("syncline.database.migrate", "true");
        all.put("syncline.home", home.toString());
        return ServiceProcess.start(
                "scheduler-" + (nodes.size() + 1),
                jar,
                port,
                jvm,
                all,
                Map.of(
                        "SPRING_DATASOURCE_PASSWORD",
                        CountingPostgres.PASSWORD,
                        "SYNCLINE_BOOTSTRAP_CLIENT_ID",
                        CLIENT,
                        "SYNCLINE_BOOTSTRAP_CLIENT_SECRET",
                        secret,
                        "SYNCLINE_WRAPPING_KEY",
                        wrappingKey,
                        "SYNCLINE_DESTINATIONS_ALLOW",
                        "http://127.0.0.1:*"),
                home);
    }

    /** The first node. */
    public ServiceProcess node() {
        return nodes.get(0);
    }

    /** The first node's API, as a client that may do everything. */
    public synchronized PlatformApi api() {
        if (api == null) {
            api = api(node());
        }
        return api;
    }

    public PlatformApi api(ServiceProcess node) {
        return new PlatformApi(node.url(), CLIENT, secret);
    }

    public DatabaseWork work() {
        return work;
    }

    /** @param auth the type; none makes calls as cheap as those of the peers */
    public void system(String key, String origin, String auth, int concurrency) {
        api().put(
                        "/api/v1/systems/" + key,
                        Map.of(
                                "apiVersion",
                                "syncline/v1",
                                "kind",
                                "System",
                                "key",
                                key,
                                "instances",
                                List.of(origin),
                                "auth",
                                Map.of("type", auth),
                                "limits",
                                Map.of("concurrency", concurrency)));
    }

    /**
     * A group that messages of the source {@code /<key>} and the type {@code io.syncline.<key>} start, and that takes as many
     * waiting runs as a group may have.
     */
    public void group(String key, List<Map<String, Object>> tasks) {
        api().put(
                        "/api/v1/groups/" + key,
                        Map.of(
                                "apiVersion",
                                "syncline/v1",
                                "kind",
                                "TaskGroup",
                                "key",
                                key,
                                "triggers",
                                List.of(Map.of("source", "/" + key, "type", "io.syncline." + key)),
                                "maxQueued",
                                1_000_000,
                                "tasks",
                                tasks));
    }

    /** A message for such a group, each on a business key of its own. */
    public static byte[] message(String group, String id) {
        return Http.JSON.writeValueAsBytes(event(group, id));
    }

    public static Map<String, Object> event(String group, String id) {
        return Map.of(
                "specversion",
                "1.0",
                "source",
                "/" + group,
                "id",
                id,
                "type",
                "io.syncline." + group,
                "subject",
                "key-" + id);
    }

    /** Sends messages of ids {@code <prefix>-<n>} in batches, as fast as they are taken. */
    public void sendBatches(String group, String prefix, int count) {
        int batches = (count + BATCH - 1) / BATCH;
        var senders = Executors.newFixedThreadPool(SENDERS);
        try {
            var sent = IntStream.range(0, batches)
                    .mapToObj(batch -> CompletableFuture.runAsync(
                            () -> sendBatch(group, prefix, batch * BATCH, Math.min(count, (batch + 1) * BATCH)),
                            senders))
                    .toList();
            sent.forEach(CompletableFuture::join);
        } finally {
            senders.shutdownNow();
        }
    }

    private void sendBatch(String group, String prefix, int first, int last) {
        var answer = api().send(
                        "POST",
                        "/api/v1/triggers",
                        Map.of("Content-Type", "application/cloudevents-batch+json"),
                        Http.JSON.writeValueAsBytes(IntStream.range(first, last)
                                .mapToObj(i -> event(group, prefix + "-" + i))
                                .toList()))
                .expect(200)
                .json();
        for (var element : answer) {
            if (!"ACCEPTED".equals(element.path("status").asString())) {
                throw new IllegalStateException("a message was not accepted: " + element);
            }
        }
    }

    /** Headers of a generator that sends messages. */
    public String triggerHeaders() {
        return "Content-Type: application/cloudevents+json\r\nAuthorization: Bearer " + api().token() + "\r\n";
    }

    /** Ends a node that {@link #start} began, before the others. */
    public void stop(ServiceProcess node) {
        nodes.remove(node);
        node.close();
    }

    @Override
    public void close() {
        work.close();
        nodes.forEach(ServiceProcess::close);
    }

    private static String wrappingKey() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
