package io.syncline.systemtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FloodTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final OpenLoop.Listener NOBODY = (number, due, status) -> {};

    @Test
    void everyRequestIsSentAndItsAnswerCounted() {
        var heard = ConcurrentHashMap.<Integer>newKeySet();
        try (var sink = new Sink();
                var flood = new Flood(sink.origin(), "Accept: */*\r\n", 40)) {
            var result = flood.post(
                    "/sync", 200, Duration.ofMillis(400), FloodTest::body, PATIENCE, (n, due, status) -> heard.add(n));

            assertThat(result.answers().statuses()).isEqualTo(Map.of(200, 200L));
            assertThat(result.answers().nanos()).hasSize(200).isSorted();
            assertThat(result.answers().lateNanos()).hasSize(200);
            assertThat(result.sentAgain()).isZero();
            assertThat(sink.calls()).isEqualTo(200);
            assertThat(heard).hasSize(200);
        }
    }

    @Test
    void aRequestDoesNotWaitForTheAnswerBeforeIt() throws IOException, InterruptedException {
        var allThere = new CountDownLatch(6);
        // Two connections, of which each has its three requests before the first one is answered.
        try (var server = new Server((in, out) -> {
                    for (int i = 0; i < 3; i++) {
                        Wire.read(in);
                        allThere.countDown();
                    }
                    await(allThere);
                    for (int i = 0; i < 3; i++) {
                        out.write(Sink.ACCEPTED);
                    }
                });
                var flood = new Flood(server.origin(), "", 2)) {
            var result = flood.post("/", 6, Duration.ofMillis(60), FloodTest::body, PATIENCE, NOBODY);

            assertThat(result.answers().statuses()).isEqualTo(Map.of(202, 6L));
            assertThat(result.sentAgain()).isZero();
        }
    }

    @Test
    void answersBelongToTheirRequestsInOrder() throws IOException {
        var statuses = new ConcurrentHashMap<Integer, Integer>();
        var answers = List.of("202 Accepted", "429 Too Many Requests", "202 Accepted", "503 Service Unavailable");
        try (var server = new Server((in, out) -> {
                    for (var answer : answers) {
                        Wire.read(in);
                        out.write(Wire.answer(answer, ""));
                    }
                    Wire.read(in);
                });
                var flood = new Flood(server.origin(), "", 1)) {
            var result = flood.post(
                    "/",
                    4,
                    Duration.ofMillis(20),
                    FloodTest::body,
                    PATIENCE,
                    (n, due, status) -> statuses.put(n, status));

            assertThat(statuses).isEqualTo(Map.of(0, 202, 1, 429, 2, 202, 3, 503));
            assertThat(result.refusedForGood())
                    .as("neither refusal says when to come back")
                    .isEqualTo(2);
        }
    }

    @Test
    void aRefusalThatTellsWhenToComeBackIsNotForGood() throws IOException {
        var refusal = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        try (var server = new Server((in, out) -> {
                    Wire.read(in);
                    out.write(refusal);
                    Wire.read(in);
                });
                var flood = new Flood(server.origin(), "", 1)) {
            var result = flood.post("/", 1, Duration.ofMillis(10), FloodTest::body, PATIENCE, NOBODY);

            assertThat(result.answers().statuses()).isEqualTo(Map.of(503, 1L));
            assertThat(result.refusedForGood()).isZero();
        }
    }

    @Test
    void whatStandsBehindARefusalThatClosesTheConnectionIsSentAgain() throws IOException, InterruptedException {
        var bothThere = new CountDownLatch(2);
        var connections = new AtomicInteger();
        try (var server = new Server((in, out) -> {
                    if (connections.getAndIncrement() == 0) {
                        Wire.read(in);
                        bothThere.countDown();
                        Wire.read(in);
                        bothThere.countDown();
                        await(bothThere);
                        out.write(Wire.answer("503 Service Unavailable", ""));
                    } else {
                        Wire.read(in);
                        out.write(Sink.ACCEPTED);
                        Wire.read(in);
                    }
                });
                var flood = new Flood(server.origin(), "", 1)) {
            var result = flood.post("/", 2, Duration.ofMillis(20), FloodTest::body, PATIENCE, NOBODY);

            assertThat(result.answers().statuses()).isEqualTo(Map.of(202, 1L, 503, 1L));
            assertThat(result.sentAgain()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNeverAnsweredCountsAsThat() throws IOException {
        try (var server = new Server((in, out) -> Wire.read(in));
                var flood = new Flood(server.origin(), "", 1)) {
            var result = flood.post("/", 1, Duration.ofMillis(10), FloodTest::body, PATIENCE, NOBODY);

            assertThat(result.answers().statuses()).isEqualTo(Map.of(0, 1L));
            assertThat(result.sentAgain()).isEqualTo(2);
        }
    }

    private static byte[] body(int number) {
        return ("{\"number\":" + number + "}").getBytes(StandardCharsets.US_ASCII);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IOException("the other requests did not come");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Serves each connection as told and closes it then. */
    private static final class Server implements AutoCloseable {

        private interface Serving {
            void serve(java.io.InputStream in, java.io.OutputStream out) throws IOException;
        }

        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

        Server(Serving serving) throws IOException {
            start(() -> {
                while (!socket.isClosed()) {
                    try {
                        var connection = socket.accept();
                        start(() -> {
                            try (connection) {
                                serving.serve(
                                        new BufferedInputStream(connection.getInputStream()),
                                        connection.getOutputStream());
                            } catch (IOException gone) {
                                // the test closed it
                            }
                        });
                    } catch (IOException closed) {
                        return;
                    }
                }
            });
        }

        private static void start(Runnable work) {
            var thread = new Thread(work, "flood-test-server");
            thread.setDaemon(true);
            thread.start();
        }

        String origin() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
