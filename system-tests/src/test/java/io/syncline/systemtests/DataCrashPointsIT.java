package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.Answer;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import io.syncline.systemtests.api.UnexpectedAnswerException;
import io.syncline.systemtests.crash.Crash;
import io.syncline.systemtests.crash.CrashPoint;
import io.syncline.systemtests.demo.AirportsDaily;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The provider or the consumer ends of itself between two side effects, with nothing written after, and is started again: while a
 * person is changed and that change is pushed and counted, and while a file is imported, announced, extracted, downloaded,
 * staged, merged, reconciled and reported. Each change is numbered once, pushed and counted; each announcement is one
 * run, whose rows are those of the file.
 *
 * <p>Four places in each build; {@code -Dsyncline.crash-points=all}, or names with commas between them, for others.
 */
class DataCrashPointsIT {

    private static final Duration WITHIN = Duration.ofSeconds(120);
    private static final Duration CALL = Duration.ofSeconds(10);
    private static final int ROWS = 5;
    private static final String GROUP = "crash-data";
    private static final String ASKED = System.getProperty("syncline.crash-points", "");

    /** A service that ends where its file says, and runs again as soon as that is seen. */
    private record Crashing(String name, Path order, ServiceProcess process) {

        void revive() {
            if (!process.isAlive()) {
                assertThat(Crash.isDone(order)).as(name + " ended by itself").isTrue();
                process.startAgain();
                Stack.ready(process);
            }
        }
    }

    private record Place(String when, CrashPoint point, boolean ofProvider) {

        static Stream<Place> of(List<CrashPoint> points, boolean ofProvider) {
            return points.stream()
                    .flatMap(point -> Stream.of("before", "after").map(when -> new Place(when, point, ofProvider)));
        }

        boolean isAsked() {
            if (ASKED.isEmpty()) {
                return List.of(
                                "after extract-cut true",
                                "after message-sent true",
                                "after file-merged false",
                                "after end-reported false")
                        .contains(when + " " + point.name() + " " + ofProvider);
            }
            return ASKED.equals("all") || List.of(ASKED.split(",")).contains(point.name());
        }

        @Override
        public String toString() {
            return when + " " + point.name() + " of the " + (ofProvider ? "provider" : "consumer");
        }
    }

    private static List<Place> places() {
        return Stream.of(
                        Place.of(CrashPoint.PROVIDER, true),
                        Place.of(CrashPoint.OUTBOX, true),
                        Place.of(CrashPoint.CONSUMER, false),
                        Place.of(CrashPoint.OUTBOX, false))
                .flatMap(all -> all)
                .filter(Place::isAsked)
                .toList();
    }

    @TempDir
    private Path home;

    private Stack stack;
    private PlatformApi platform;
    private Crashing provider;
    private Crashing consumer;
    private final List<String> pushed = new CopyOnWriteArrayList<>();

    @Test
    void aServiceThatEndsBetweenTwoSideEffectsLosesNoChangeAndNoFile() throws Exception {
        assertThat(places()).as("places that were asked for: " + ASKED).isNotEmpty();
        var subscriber = subscriber();
        try (var started = Stack.onPostgres(home)) {
            stack = started;
            start();
            subscribe("http://127.0.0.1:" + subscriber.getAddress().getPort() + "/changes");
            int round = 0;
            for (var place : places()) {
                var began = System.nanoTime();
                crash(place, ++round);
                System.out.printf(
                        "crashed %s: %d s%n",
                        place, Duration.ofNanos(System.nanoTime() - began).toSeconds());
            }
            assertNothingIsLeft();
        } finally {
            subscriber.stop(0);
        }
    }

    /** Keeps the ids of what it was sent. */
    private HttpServer subscriber() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "subscriber");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                pushed.add(exchange.getRequestHeaders().getFirst("webhook-id"));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
        return server;
    }

    private void start() throws IOException {
        Stack.ready(stack.startNode());
        platform = stack.platform();
        var port = Ports.anyFree();
        platform.put("/api/v1/systems/data-consumer", AirportsDaily.system(List.of("http://127.0.0.1:" + port)));
        var providerSecret = platform.createClient("data-provider", "data-provider", List.of("triggers:write"));
        var consumerSecret =
                platform.createClient("data-consumer", "data-consumer", List.of("callbacks:write", "data:read"));
        platform.put(
                "/api/v1/groups/" + GROUP,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        GROUP,
                        "triggers",
                        List.of(Map.of("source", AirportsDaily.SOURCE, "type", GROUP + ".ready")),
                        "defaults",
                        Map.of(
                                "interval",
                                "PT1S",
                                "retry",
                                Map.of("maxAttempts", 1),
                                "reconciliation",
                                Map.of("required", true)),
                        "tasks",
                        List.of(Map.of(
                                "key", "work",
                                "mode", "ASYNC",
                                "system", "data-consumer",
                                "path", "/sync/countries"))));
        var order = home.resolve("provider.crash");
        provider = new Crashing(
                "provider",
                order,
                stack.startProviderThatCrashes(
                        order,
                        providerSecret,
                        "syncline.provider.extracts.rows-per-file=2",
                        "syncline.provider.extracts.lease=3s",
                        "syncline.provider.push.allow-http=true",
                        "syncline.provider.push.allowed-networks=127.0.0.0/8",
                        "syncline.provider.push.timeout=1s",
                        "syncline.client.read-timeout=3s",
                        "syncline.client.store.lease=5s"));
        order = home.resolve("consumer.crash");
        consumer = new Crashing(
                "consumer",
                order,
                stack.startConsumerThatCrashes(
                        order,
                        port,
                        consumerSecret,
                        "syncline.consumer.provider-url=" + provider.process().url(),
                        "syncline.consumer.lease=PT3S",
                        "syncline.consumer.renew-every=PT1S",
                        "syncline.consumer.share-grace=PT3S",
                        "syncline.consumer.changes.poll-wait=PT0.5S",
                        "syncline.consumer.changes.lease=PT3S",
                        "syncline.consumer.instance-id=consumer-1",
                        "syncline.client.read-timeout=3s",
                        "syncline.client.store.lease=5s"));
        Stack.ready(provider.process());
        Stack.ready(consumer.process());
    }

    private void subscribe(String endpoint) {
        provided(
                "PUT", "/subscriptions/hook", "application/json", "", Map.of("dataset", "users", "endpoint", endpoint));
    }

    private void crash(Place place, int round) throws Exception {
        var crashing = place.ofProvider() ? provider : consumer;
        Crash.order(crashing.order(), place.when(), place.point().name());
        // Each side effect of a round happens once: what came before the order was seen would never come again.
        await("the order to end " + place)
                .atMost(WITHIN)
                .until(() -> Crash.isSeen(crashing.order()) || Crash.isDone(crashing.order()));
        var day = "day-" + round;
        var user = "u" + round;
        change(user, round);
        load(round);
        provided(
                "POST",
                "/events",
                "application/json",
                day,
                Map.of("type", GROUP + ".ready", "subject", day, "data", Map.of("date", day)));

        await("the run of " + place)
                .atMost(WITHIN)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    revive();
                    return platform.newestRun(GROUP, day)
                            .filter(run -> run.path("state").asString().equals("COMPLETED"))
                            .isPresent();
                });
        await("the place is come to: " + place).atMost(WITHIN).until(() -> {
            revive();
            return Crash.isDone(crashing.order()) && crashing.process().isAlive();
        });
        Crash.forget(crashing.order());
        assertOneRun(day, place);
        assertRowsOfFile(round, place);
        awaitChange(user, place);
    }

    private void revive() {
        provider.revive();
        consumer.revive();
    }

    /** A person, and whom they follow; what is put twice is there once. */
    private void change(String user, int round) {
        provided(
                "PUT",
                "/social/users/" + user,
                "application/json",
                "",
                Map.of("username", user, "joinedDate", "2026-01-01"));
        if (round > 1) {
            provided("PUT", "/social/follows/" + user + "/u1", "application/json", "", Map.of());
        }
    }

    /** Each round has a new row, and one of the round before is gone; all have three digits, since they are ordered as texts. */
    private static IntStream idsOf(int round) {
        return IntStream.range(100 + round, 100 + round + ROWS);
    }

    private void load(int round) {
        var csv = new StringBuilder("id,code,name,continent,wikipedia_link,keywords\n");
        idsOf(round).forEach(id -> csv.append("%d,C%d,\"of round %d, é\",EU,,%n".formatted(id, id, round)));
        provided("POST", "/datasets/countries/imports", "text/csv; charset=utf-8", "", csv.toString());
    }

    /** As an upstream does: once more until it is answered, by the same key. */
    private Answer provided(String method, String path, String type, String key, Object body) {
        var bytes =
                body instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : Http.JSON.writeValueAsBytes(body);
        for (int tries = 0; tries < 100; tries++) {
            revive();
            try {
                var headers = new java.util.HashMap<>(
                        Map.of("Authorization", "Bearer " + platform.token(), "Content-Type", type));
                if (!key.isEmpty()) {
                    headers.put("Idempotency-Key", key);
                }
                return new Http(provider.process().url())
                        .send(method, path, headers, bytes, CALL)
                        .expect(200, 201, 202, 204);
            } catch (UncheckedIOException noAnswer) {
                // It may have been done; the same again does no harm.
            } catch (UnexpectedAnswerException notYet) {
                assertThat(notYet.answer().status())
                        .as(path + ": " + notYet.getMessage())
                        .isGreaterThanOrEqualTo(409);
            }
        }
        throw new AssertionError("no answer to " + method + " " + path);
    }

    private void assertOneRun(String day, Place place) throws SQLException {
        assertThat(texts("scheduler", "select state from run where business_key = '" + day + "'"))
                .as("runs of %s, %s", day, place)
                .containsExactly("COMPLETED");
        assertThat(texts("consumer", "select count(*) from sync_job where state = 'COMPLETED'"))
                .as("jobs that completed by " + place)
                .containsExactly(day.substring("day-".length()));
    }

    private void assertRowsOfFile(int round, Place place) throws SQLException {
        assertThat(texts("consumer", "select id || ' ' || name from countries order by id"))
                .as("rows at the consumer after " + place)
                .containsExactlyElementsOf(idsOf(round)
                        .mapToObj(id -> id + " of round " + round + ", é")
                        .toList());
        assertThat(texts("consumer", "select distinct count(*) over (partition by job_id) from merge_commit"))
                .as("merged files of each job, " + place)
                .containsExactly("3");
    }

    private void awaitChange(String user, Place place) throws SQLException {
        await("what happened to " + user + " is pushed and counted, " + place)
                .atMost(WITHIN)
                .untilAsserted(() -> {
                    revive();
                    assertThat(texts(
                                    "provider",
                                    "select row_key from change_event where dataset_name = 'users' and row_key = '"
                                            + user + "'"))
                            .containsExactly(user);
                    assertThat(pushed)
                            .containsAll(texts(
                                    "provider", "select event_id from change_event where dataset_name = 'users'"));
                    assertThat(texts("consumer", "select follower_count from user_view where user_id = 'u1'"))
                            .containsExactly(String.valueOf(Integer.parseInt(user.substring(1)) - 1));
                });
        assertThat(texts("provider", "select event_id from change_event"))
                .as("ids of changes")
                .doesNotHaveDuplicates();
        assertThat(
                        texts(
                                "provider",
                                "select max(dataset_seq) - min(dataset_seq) + 1 - count(*) from change_event group by dataset_name"))
                .as("numbers that are missing, " + place)
                .containsOnly("0");
    }

    private void assertNothingIsLeft() {
        await("all is told, and nothing is held").atMost(WITHIN).untilAsserted(() -> {
            revive();
            assertThat(texts("provider", "select distinct state from outbox_message"))
                    .containsExactly("DELIVERED");
            assertThat(texts("consumer", "select distinct state from outbox_message"))
                    .containsExactly("DELIVERED");
            assertThat(texts("provider", "select change_id from change_waiting"))
                    .isEmpty();
            assertThat(texts("consumer", "select job_id from sync_job where cleaned = 0"))
                    .isEmpty();
            assertThat(texts("consumer", "select file_no from stage_countries")).isEmpty();
            assertThat(texts("consumer", "select reason from parked_change")).isEmpty();
        });
    }

    private List<String> texts(String service, String sql) throws SQLException {
        var texts = new ArrayList<String>();
        try (Connection connection = stack.database(service);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
