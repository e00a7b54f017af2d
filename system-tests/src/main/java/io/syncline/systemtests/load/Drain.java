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
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * One node of the platform, in its own JVM on PostgreSQL, working off a backlog: runs of one task, each on a business key of
 * its own, each one POST that a sink answers with 200 COMPLETED. The backlog is sent while the group is paused; the resume
 * makes all of it due at once.
 */
public final class Drain implements AutoCloseable {

    /** @param seconds from the first call at the sink to the last run COMPLETED in the database */
    public record Result(int runs, double seconds, DatabaseWork.Counts work) {
        public double rate() {
            return runs / seconds;
        }

        public double statementsPerRun() {
            return (double) work.statements() / runs;
        }

        public double commitsPerRun() {
            return (double) work.commits() / runs;
        }
    }

    private static final String GROUP = "drain";
    private static final String SOURCE = "/drain";
    private static final String TYPE = "io.syncline.drain.due";
    private static final int BATCH = 100;
    private static final int SENDERS = 4;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final ServiceProcess node;
    private final PlatformApi api;
    private final Sink sink;
    private final DatabaseWork work;
    private int round;

    /**
     * @param jdbcUrl of an empty database whose user owns it
     * @param jvmOptions such as a heap size, or a recording for a profile
     */
    public Drain(
            String jdbcUrl,
            String user,
            String password,
            Path home,
            Sink sink,
            int concurrency,
            List<String> jvmOptions) {
        this.sink = sink;
        this.work = new DatabaseWork(jdbcUrl, user, password);
        var secret = UUID.randomUUID().toString() + UUID.randomUUID();
        node = ServiceProcess.start(
                        "scheduler",
                        Service.SCHEDULER.jar(Project.root()),
                        Ports.anyFree(),
                        jvmOptions,
                        Map.of(
                                "spring.datasource.url",
                                jdbcUrl,
                                "spring.datasource.username",
                                user,
                                "syncline.database.migrate",
                                "true",
                                "syncline.home",
                                home.toString()),
                        Map.of(
                                "SPRING_DATASOURCE_PASSWORD",
                                password,
                                "SYNCLINE_BOOTSTRAP_CLIENT_ID",
                                "bench",
                                "SYNCLINE_BOOTSTRAP_CLIENT_SECRET",
                                secret,
                                "SYNCLINE_WRAPPING_KEY",
                                wrappingKey(),
                                "SYNCLINE_DESTINATIONS_ALLOW",
                                "http://127.0.0.1:*"),
                        home)
                .awaitReady(Duration.ofMinutes(2));
        api = new PlatformApi(node.url(), "bench", secret);
        configure(concurrency);
    }

    private void configure(int concurrency) {
        api.put(
                "/api/v1/systems/sink",
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "System",
                        "key",
                        "sink",
                        "instances",
                        List.of(sink.origin()),
                        "auth",
                        Map.of("type", "none"),
                        "limits",
                        Map.of("concurrency", concurrency)));
        api.put(
                "/api/v1/groups/" + GROUP,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        GROUP,
                        "triggers",
                        List.of(Map.of("source", SOURCE, "type", TYPE)),
                        "tasks",
                        List.of(Map.of("key", "post", "mode", "ASYNC", "system", "sink", "path", "/sync"))));
    }

    /** Sends the backlog, lets it go, and measures until the last run has ended. */
    public Result run(int runs) {
        round++;
        api.post("/api/v1/groups/" + GROUP + "/pause", Map.of("reason", "collecting a backlog"))
                .expect(200, 204);
        send(runs);
        var before = ended();
        sink.reset();
        var counted = work.counts();
        api.post("/api/v1/groups/" + GROUP + "/resume", Map.of("reason", "working it off"))
                .expect(200, 204);
        var end = System.nanoTime() + LONGEST.toNanos();
        while (sink.calls() < runs && System.nanoTime() < end) {
            pause(20);
        }
        while (ended() < before + runs && System.nanoTime() < end) {
            pause(20);
        }
        var seconds = (System.nanoTime() - sink.firstNanos()) / 1e9;
        var used = work.counts().minus(counted);
        if (ended() < before + runs) {
            throw node.failure("only " + (ended() - before) + " of " + runs + " runs ended within " + LONGEST);
        }
        return new Result(runs, seconds, used);
    }

    private long ended() {
        return work.number("select count(*) from run where state = 'COMPLETED'");
    }

    private void send(int runs) {
        try (var pool = new ClosablePool(SENDERS)) {
            var sent = new ArrayList<CompletableFuture<Void>>();
            for (int from = 0; from < runs; from += BATCH) {
                int first = from;
                int last = Math.min(runs, from + BATCH);
                sent.add(CompletableFuture.runAsync(() -> sendBatch(first, last), pool.executor));
            }
            sent.forEach(CompletableFuture::join);
        }
    }

    private void sendBatch(int first, int last) {
        var events = new ArrayList<Map<String, Object>>();
        for (int i = first; i < last; i++) {
            events.add(Map.of(
                    "specversion",
                    "1.0",
                    "source",
                    SOURCE,
                    "id",
                    round + "-" + i,
                    "type",
                    TYPE,
                    "subject",
                    "key-" + round + "-" + i));
        }
        var answer = api.send(
                        "POST",
                        "/api/v1/triggers",
                        Map.of("Content-Type", "application/cloudevents-batch+json"),
                        Http.JSON.writeValueAsBytes(events))
                .expect(200)
                .json();
        for (var element : answer) {
            if (!"ACCEPTED".equals(element.path("status").asString())) {
                throw new IllegalStateException("a trigger was not accepted: " + element);
            }
        }
    }

    public DatabaseWork work() {
        return work;
    }

    public PlatformApi api() {
        return api;
    }

    public ServiceProcess node() {
        return node;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        work.close();
        node.close();
    }

    /** An executor that ends with its block; the type itself is closeable from Java 19 on only. */
    private static final class ClosablePool implements AutoCloseable {

        private final java.util.concurrent.ExecutorService executor;

        ClosablePool(int threads) {
            executor = Executors.newFixedThreadPool(threads);
        }

        @Override
        public void close() {
            executor.shutdownNow();
        }
    }

    private static String wrappingKey() {
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
