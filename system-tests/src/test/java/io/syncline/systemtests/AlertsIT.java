package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.RecordingDownstream.Reply;
import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PlatformApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Forty tasks fail for one reason while the alert channel is down. It is down for some seconds here, and for as long as
 * {@code -Dsyncline.tests.channel-down=PT2M} says otherwise.
 */
@ExtendWith(Cluster.Shared.class)
class AlertsIT {

    private static final int GROUPS = 4;
    private static final int RUNS = 10;
    private static final String REFUSING = "alerts-refusing";
    private static final String WORKING = "alerts-working";
    private static final Duration DOWN = Duration.parse(System.getProperty("syncline.tests.channel-down", "PT4S"));

    /** Between two tries of a dead channel there is never more than a minute. */
    private static final Duration BACK_WITHIN =
            DOWN.compareTo(Duration.ofSeconds(30)) < 0 ? Duration.ofSeconds(20) : Duration.ofSeconds(90);

    @Test
    void fortyFailuresOfOneCauseBecomeAFewMessagesAndNoneIsLostWhileTheChannelIsDown(Cluster cluster) throws Exception {
        var platform = cluster.platform();
        var secret = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);
        var port = freePort();
        try (var refusing = cluster.downstream(REFUSING);
                var working = cluster.downstream(WORKING);
                var channel = new Receiver(port)) {
            refusing.answers(call -> Reply.status(403));
            working.answers(call -> Reply.completed());
            Documents.putSystem(platform, REFUSING, 16, List.of(refusing.url()));
            Documents.putSystem(platform, WORKING, 16, List.of(working.url()));
            putChannel(platform, port, secret);
            for (int g = 0; g < GROUPS; g++) {
                putAlertingGroup(platform, "alerts-" + g);
            }
            Documents.putSingleTaskGroup(platform, "alerts-fine", WORKING, Documents.defaults("PT5S"));

            var runs = new ArrayList<String>();
            for (int g = 0; g < GROUPS; g++) {
                runs.addAll(start(platform, "alerts-" + g, 0, RUNS / 2));
                runs.addAll(start(cluster.secondNode(), "alerts-" + g, RUNS / 2, RUNS));
            }
            for (var run : runs) {
                assertThat(Waiting.forEnd(platform, run, Duration.ofSeconds(20))
                                .path("state")
                                .asString())
                        .isEqualTo("FAILED");
            }
            var failedAt = Instant.now();
            await("all forty are in one incident within 5 s of the last failure")
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> alert(platform).path("count").asInt() == GROUPS * RUNS);
            var id = alert(platform).path("alertId").asString();

            await("the channel was tried and is down")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> {
                        var delivery =
                                platform.get("/api/v1/alerts/" + id).json().at("/deliveries/0");
                        return delivery.path("deliveries").asInt() > 0
                                && delivery.path("state").asString("").equals("PENDING");
                    });
            var sentAt = Instant.now();
            var fine = start(platform, "alerts-fine", 0, 1).get(0);
            assertThat(Waiting.forEnd(platform, fine, Duration.ofSeconds(5))
                            .path("state")
                            .asString())
                    .as("a dead channel holds no work, sent at " + sentAt)
                    .isEqualTo("COMPLETED");
            await("the channel has been down for " + DOWN)
                    .atMost(DOWN.plusSeconds(10))
                    .until(() -> Duration.between(failedAt, Instant.now()).compareTo(DOWN) >= 0);
            assertThat(channel.events).isEmpty();

            channel.open();

            await("everything is told once the channel is back")
                    .atMost(BACK_WITHIN)
                    .until(() -> {
                        var deliveries = platform.get("/api/v1/alerts/" + id)
                                .json()
                                .path("deliveries")
                                .values();
                        return !deliveries.isEmpty()
                                && deliveries.stream()
                                        .allMatch(d ->
                                                d.path("state").asString("").equals("SENT"))
                                && channel.highestCount() == GROUPS * RUNS;
                    });
            assertThat(channel.events).as("a few grouped messages").hasSizeLessThanOrEqualTo(3);
            assertThat(channel.faults).isEmpty();
            var last = channel.events.get(channel.events.size() - 1);
            assertThat(last.at("/data/title").asString())
                    .startsWith("40 task runs of 4 groups failed: ")
                    .contains("403", REFUSING);
            assertThat(last.at("/data/items/0/link").asString()).startsWith(cluster.publicUrl() + "/api/v1/runs/");
            assertThat(taskRuns(platform, id))
                    .as("each failure in exactly one incident")
                    .hasSize(GROUPS * RUNS);
        }
    }

    /** Begins runs on the keys of a range, by one batch of messages. */
    private static List<String> start(PlatformApi platform, String group, int from, int to) {
        var events = IntStream.range(from, to)
                .mapToObj(r -> Documents.event(group + "-r" + r, group + ".ready", "r" + r))
                .toList();
        return platform.startAll(events);
    }

    private static JsonNode alert(PlatformApi platform) {
        var items = platform.get("/api/v1/alerts?group=alerts-0&condition=FAILED")
                .expect(200)
                .json()
                .path("items");
        assertThat(items.size()).as("one cause, one incident").isLessThanOrEqualTo(1);
        return items.path(0);
    }

    private static List<String> taskRuns(PlatformApi platform, String alert) {
        var ids = new ArrayList<String>();
        platform.get("/api/v1/alerts/" + alert)
                .expect(200)
                .json()
                .path("members")
                .values()
                .forEach(member -> ids.add(member.path("taskRunId").asString()));
        assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
        return ids;
    }

    private static void putChannel(PlatformApi platform, int port, String secret) {
        platform.put(
                "/api/v1/channels/alerts-hook",
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "Channel",
                        "key",
                        "alerts-hook",
                        "type",
                        "webhook",
                        "url",
                        "http://127.0.0.1:" + port + "/",
                        "secret",
                        secret));
    }

    private static void putAlertingGroup(PlatformApi platform, String key) {
        platform.put(
                "/api/v1/groups/" + key,
                Map.of(
                        "apiVersion",
                        "syncline/v1",
                        "kind",
                        "TaskGroup",
                        "key",
                        key,
                        "triggers",
                        List.of(Map.of("source", Documents.SOURCE, "type", key + ".ready")),
                        "tasks",
                        List.of(Map.of("key", "work", "mode", "ASYNC", "system", REFUSING, "path", "/work")),
                        "alerts",
                        List.of(Map.of("when", List.of("FAILED"), "channels", List.of("alerts-hook")))));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A receiver of webhooks that is not there until it is opened. */
    private static final class Receiver implements AutoCloseable {

        private final int port;
        private final List<JsonNode> events = new CopyOnWriteArrayList<>();
        private final List<String> faults = new CopyOnWriteArrayList<>();
        private HttpServer server;

        Receiver(int port) {
            this.port = port;
        }

        void open() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/", exchange -> {
                var body = exchange.getRequestBody().readAllBytes();
                var headers = exchange.getRequestHeaders();
                var signed = headers.getFirst("webhook-id") + "." + headers.getFirst("webhook-timestamp") + ".";
                if (!headers.getFirst("webhook-signature").equals("v1," + mac(signed, body))) {
                    faults.add(headers.getFirst("webhook-signature"));
                }
                events.add(Http.JSON.readTree(body));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
        }

        int highestCount() {
            return events.stream()
                    .mapToInt(event -> event.at("/data/count").asInt())
                    .max()
                    .orElse(0);
        }

        /** By Standard Webhooks: HMAC-SHA256 over {@code id.timestamp.body}, its key the base64 after the prefix. */
        private String mac(String signed, byte[] body) {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
                mac.update(signed.getBytes(StandardCharsets.UTF_8));
                return Base64.getEncoder().encodeToString(mac.doFinal(body));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            if (server != null) {
                server.stop(0);
            }
        }
    }
}
