package io.syncline.systemtests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.systemtests.api.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/** Stands before the provider and hands on what it says, but for what a test spoils. */
final class TamperingProxy implements AutoCloseable {

    private static final Set<String> NOT_HANDED_ON =
            Set.of("host", "connection", "content-length", "transfer-encoding", "upgrade", "http2-settings");

    private final String provider;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile String spoiltDataset = "";
    private volatile UnaryOperator<ObjectNode> manifests = UnaryOperator.identity();
    private volatile UnaryOperator<byte[]> files = UnaryOperator.identity();

    TamperingProxy(String provider) {
        this.provider = provider;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        server.setExecutor(workers);
        server.createContext("/", this::handOn);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Changes every READY manifest of a dataset on its way. */
    void spoilManifests(String dataset, UnaryOperator<ObjectNode> change) {
        spoiltDataset = dataset;
        manifests = change;
    }

    /** Changes every extract file of a dataset on its way. */
    void spoilFiles(String dataset, UnaryOperator<byte[]> change) {
        spoiltDataset = dataset;
        files = change;
    }

    void spoilNothing() {
        spoiltDataset = "";
        manifests = UnaryOperator.identity();
        files = UnaryOperator.identity();
    }

    static byte[] firstHalf(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private void handOn(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = HttpRequest.newBuilder(URI.create(provider + exchange.getRequestURI()))
                    .timeout(Duration.ofSeconds(60))
                    .method(
                            exchange.getRequestMethod(),
                            HttpRequest.BodyPublishers.ofByteArray(
                                    exchange.getRequestBody().readAllBytes()));
            exchange.getRequestHeaders().forEach((name, texts) -> {
                if (!NOT_HANDED_ON.contains(name.toLowerCase())) {
                    texts.forEach(text -> request.header(name, text));
                }
            });
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            var body = spoiled(exchange.getRequestURI().getPath(), response);
            response.headers().map().forEach((name, texts) -> {
                if (!NOT_HANDED_ON.contains(name.toLowerCase())) {
                    exchange.getResponseHeaders().put(name, texts);
                }
            });
            exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] spoiled(String path, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200 || !path.startsWith("/datasets/" + spoiltDataset + "/")) {
            return response.body();
        }
        if (path.contains("/files/")) {
            return files.apply(response.body());
        }
        if (path.matches("/datasets/[^/]+/extracts/[^/]+")) {
            var manifest = (ObjectNode) Http.JSON.readTree(response.body());
            if (manifest.path("state").asString("").equals("READY")) {
                return Http.JSON.writeValueAsBytes(manifests.apply(manifest));
            }
        }
        return response.body();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
