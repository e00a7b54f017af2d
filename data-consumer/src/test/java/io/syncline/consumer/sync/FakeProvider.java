package io.syncline.consumer.sync;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.contracts.ExtractManifest;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A provider on loopback that serves one extract per dataset, as whole or as broken as a test wants it. */
final class FakeProvider implements AutoCloseable {

    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, Extract> byDataset = new ConcurrentHashMap<>();
    private final Map<String, Extract> byId = new ConcurrentHashMap<>();
    private final Map<String, Extract> byKey = new ConcurrentHashMap<>();
    final List<String> requests = java.util.Collections.synchronizedList(new ArrayList<>());
    private volatile boolean anyToken;
    private final AtomicInteger failures = new AtomicInteger();

    /** What is served: the manifest, and the bytes that come for each file, whether they fit it or not. */
    record Extract(ExtractManifest manifest, Map<String, byte[]> bytes) {

        Extract with(UnaryOperator<ExtractManifest> change) {
            return new Extract(change.apply(manifest), bytes);
        }

        Extract withFile(int index, UnaryOperator<ExtractFile> change) {
            return with(manifest -> {
                var files = new ArrayList<>(manifest.files());
                files.set(index, change.apply(files.get(index)));
                long rows = files.stream().mapToLong(ExtractFile::rows).sum();
                return new ExtractManifest(
                        manifest.extractId(),
                        manifest.dataset(),
                        manifest.state(),
                        manifest.asOf(),
                        manifest.columns(),
                        manifest.key(),
                        rows,
                        files,
                        manifest.error(),
                        manifest.changes());
            });
        }

        Extract withBytes(int index, UnaryOperator<byte[]> change) {
            var changed = new java.util.HashMap<>(bytes);
            var name = manifest.files().get(index).name();
            changed.put(name, change.apply(changed.get(name)));
            return new Extract(manifest, changed);
        }
    }

    static {
        // Without it each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Calls faults;

    /** Whether the answer of this thread ends half-way. */
    private final ThreadLocal<Boolean> cutsOff = new ThreadLocal<>();

    FakeProvider() throws IOException {
        this(new Calls("HTTP"));
    }

    /** @param faults what becomes of the calls that come in */
    FakeProvider(Calls faults) throws IOException {
        this.faults = faults;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(8, task -> {
            var thread = new Thread(task, "fake-provider");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void serve(Extract extract) {
        byDataset.put(extract.manifest().dataset(), extract);
        byId.put(extract.manifest().extractId(), extract);
    }

    void acceptAnyToken() {
        anyToken = true;
    }

    /** The next answers are 503. */
    void failNext(int answers) {
        failures.set(answers);
    }

    long downloads() {
        return requests.stream().filter(request -> request.contains("/files/")).count();
    }

    /** An extract of the rows, cut into so many files of nearly equal length. */
    static Extract extractOf(
            String dataset, Instant asOf, List<String> columns, List<List<@Nullable String>> rows, int files) {
        var manifestFiles = new ArrayList<ExtractFile>();
        var bytes = new ConcurrentHashMap<String, byte[]>();
        for (int i = 0; i < files; i++) {
            var part = rows.subList(rows.size() * i / files, rows.size() * (i + 1) / files);
            var name = "%s-%04d.csv.gz".formatted(dataset, i + 1);
            var packed = pack(columns, part);
            bytes.put(name, packed);
            manifestFiles.add(new ExtractFile(name, part.size(), packed.length, sha256(packed)));
        }
        var id = dataset + "-" + asOf.getEpochSecond();
        return new Extract(
                new ExtractManifest(
                        id,
                        dataset,
                        ExtractManifest.State.READY,
                        asOf,
                        columns,
                        List.of("id"),
                        (long) rows.size(),
                        manifestFiles,
                        null,
                        null),
                bytes);
    }

    static byte[] pack(List<String> columns, List<? extends List<@Nullable String>> rows) {
        var out = new ByteArrayOutputStream();
        try (var printer = new CSVPrinter(
                new java.io.OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8), CSVFormat.RFC4180)) {
            printer.printRecord(columns);
            for (var row : rows) {
                printer.printRecord(row);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            exchange.getRequestBody().readAllBytes();
            var failure = faults.next(exchange.getRequestMethod() + " " + path);
            if (failure == Failure.REFUSED) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            if (failure == Failure.NOT_MADE) {
                return;
            }
            cutsOff.set(failure == Failure.MADE_UNHEARD);
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            if (!anyToken
                    && !"Bearer test-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var parts = path.split("/");
            if (exchange.getRequestMethod().equals("POST")) {
                order(exchange, parts[2]);
            } else if (parts.length == 5) {
                manifest(exchange, parts[4]);
            } else {
                file(exchange, parts[4], parts[6]);
            }
        }
    }

    private void order(HttpExchange exchange, String dataset) throws IOException {
        var key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        var now = byDataset.get(dataset);
        if (now == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        var extract = byKey.computeIfAbsent(String.valueOf(key), first -> now);
        send(
                exchange,
                201,
                json.writeValueAsBytes(Map.of("extractId", extract.manifest().extractId(), "state", "PREPARING")));
    }

    private void manifest(HttpExchange exchange, String id) throws IOException {
        var extract = byId.get(id);
        if (extract == null) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        send(exchange, 200, json.writeValueAsBytes(extract.manifest()));
    }

    private void file(HttpExchange exchange, String id, String name) throws IOException {
        var bytes = byId.get(id).bytes().get(name);
        send(exchange, 200, bytes);
    }

    private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (Boolean.TRUE.equals(cutsOff.get())) {
            exchange.getResponseBody().write(body, 0, body.length / 2);
            return;
        }
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
