package io.syncline.consumer.changes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.syncline.consumer.users.Source;
import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The change feeds of a provider on loopback; a cursor names how many changes are behind the reader. */
public final class FakeFeed implements AutoCloseable {

    private static final Map<String, List<String>> COLUMNS = Map.of(
            "users", List.of("userId", "username", "name", "joinedDate"),
            "tweets", List.of("tweetId", "authorId"),
            "follows", List.of("followerId", "followedId"),
            "likes", List.of("tweetId", "userId", "authorId"));
    private static final Map<String, List<String>> KEYS = Map.of(
            "users", List.of("userId"),
            "tweets", List.of("tweetId"),
            "follows", List.of("followerId", "followedId"),
            "likes", List.of("tweetId", "userId"));

    private record Extract(Map<String, Object> manifest, Map<String, byte[]> files) {}

    private final Map<String, Extract> extracts = new ConcurrentHashMap<>();
    private final Map<String, Extract> extractsByKey = new ConcurrentHashMap<>();
    private volatile @Nullable Source source;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServer server;
    private final Map<String, List<Object>> logs = new ConcurrentHashMap<>();
    private final AtomicInteger failures = new AtomicInteger();
    final AtomicInteger answers = new AtomicInteger();
    public volatile int purgedTo;

    /** What becomes of the calls that come in. */
    private final Calls faults;

    /** Told with each page; null: not told. */
    volatile @Nullable Instant asOf;

    public FakeFeed() throws IOException {
        this(new Calls("HTTP"));
    }

    /** @param faults what becomes of the calls that come in; of a page that is not heard the half is sent */
    FakeFeed(Calls faults) throws IOException {
        this.faults = faults;
        // Else each answer waits for the acknowledgement of its head.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newFixedThreadPool(8, task -> {
            var thread = new Thread(task, "fake-feed");
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/datasets/", this::answer);
        server.start();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public void add(List<Change> changes) {
        changes.forEach(change -> addRaw(change.dataset(), event(change)));
    }

    /** Something that need not be a change. */
    void addRaw(String dataset, Object event) {
        logs.computeIfAbsent(dataset, name -> new java.util.concurrent.CopyOnWriteArrayList<>())
                .add(event);
        synchronized (logs) {
            logs.notifyAll();
        }
    }

    /** The next answers are 503. */
    public void failNext(int next) {
        failures.set(next);
    }

    /** As the provider writes it, with names in its own spelling. */
    public static Map<String, @Nullable Object> event(Change change) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("seq", change.seq());
        event.put("id", "e" + change.dataset() + change.seq());
        event.put("dataset", change.dataset());
        event.put("table", change.dataset());
        event.put("op", change.present() ? "UPDATED" : "DELETED");
        event.put("key", change.key());
        event.put("before", null);
        event.put("after", change.present() ? spelled(change.row()) : null);
        event.put("source", Map.of("kind", "OUTBOX", "position", Long.toString(change.seq())));
        event.put("committedAt", change.committedAt().toString());
        return event;
    }

    private static Map<String, @Nullable Object> spelled(Map<String, @Nullable String> row) {
        Map<String, @Nullable Object> spelled = new LinkedHashMap<>();
        var names = Stream.of("userId", "tweetId", "authorId", "followerId", "followedId", "webPageUrl", "joinedDate")
                .toList();
        row.forEach((name, text) -> spelled.put(
                names.stream()
                        .filter(one -> one.equalsIgnoreCase(name))
                        .findFirst()
                        .orElse(name),
                text));
        return spelled;
    }

    /** Adds to the source and tells it, as one transaction would: no extract is cut in between. */
    public void change(Source source, Runnable change) {
        synchronized (source) {
            int before = source.log().size();
            change.run();
            add(source.log().subList(before, source.log().size()));
        }
    }

    /** Extracts are cut from this source. */
    public void serve(Source source) {
        this.source = source;
    }

    /** Cuts an extract of the source as it is now; the same key gives the same one. */
    private void order(HttpExchange exchange, String dataset) throws IOException {
        var from = source;
        var extract = extractsByKey.computeIfAbsent(
                String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")), key -> cut(from, dataset));
        send(exchange, 201, Map.of("extractId", extract.manifest().get("extractId"), "state", "READY"));
    }

    private Extract cut(@Nullable Source from, String dataset) {
        if (from == null) {
            throw new IllegalStateException("no source is served");
        }
        synchronized (from) {
            var columns = COLUMNS.get(dataset);
            var rows = List.copyOf(from.table(dataset).values());
            var id = dataset + "-" + extracts.size();
            var bytes = new LinkedHashMap<String, byte[]>();
            var files = new ArrayList<Map<String, Object>>();
            for (int i = 0; i < 2; i++) {
                var part = rows.subList(rows.size() * i / 2, rows.size() * (i + 1) / 2);
                var packed = pack(columns, part);
                bytes.put("f" + i, packed);
                files.add(
                        Map.of("name", "f" + i, "rows", part.size(), "bytes", packed.length, "sha256", sha256(packed)));
            }
            var manifest = new LinkedHashMap<String, Object>();
            manifest.put("extractId", id);
            manifest.put("dataset", dataset);
            manifest.put("state", "READY");
            manifest.put("asOf", Source.BEGINNING.toString());
            manifest.put("columns", columns);
            manifest.put("key", KEYS.get(dataset));
            manifest.put("rows", rows.size());
            manifest.put("files", files);
            manifest.put(
                    "changes",
                    "cursor/+" + logs.getOrDefault(dataset, List.of()).size());
            var extract = new Extract(manifest, bytes);
            extracts.put(id, extract);
            return extract;
        }
    }

    private static byte[] pack(List<String> columns, List<Map<String, @Nullable String>> rows) {
        var out = new ByteArrayOutputStream();
        try (var printer = new CSVPrinter(
                new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8), CSVFormat.RFC4180)) {
            printer.printRecord(columns);
            for (var row : rows) {
                printer.printRecord(
                        columns.stream().map(Change::plain).map(row::get).toList());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Forgets all extracts, as a provider does after a day. */
    public void forgetExtracts() {
        extracts.clear();
    }

    private void extract(HttpExchange exchange, String[] parts) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            exchange.getRequestBody().readAllBytes();
            order(exchange, parts[2]);
            return;
        }
        var extract = extracts.get(parts[4]);
        if (extract == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (parts.length == 5) {
            send(exchange, 200, extract.manifest());
        } else {
            var bytes = extract.files().get(parts[6]);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void send(HttpExchange exchange, int status, Object body) throws IOException {
        var bytes = json.writeValueAsBytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            answers.incrementAndGet();
            var fault = faults.next(exchange.getRequestURI().getPath());
            if (fault == Failure.NOT_MADE) {
                return;
            }
            if (fault == Failure.REFUSED) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            var parts = exchange.getRequestURI().getPath().split("/");
            if (parts[3].equals("extracts")) {
                extract(exchange, parts);
                return;
            }
            var dataset = parts[2];
            int after = 0;
            int limit = 50;
            long waitMillis = 0;
            for (var parameter : exchange.getRequestURI().getQuery().split("&")) {
                var pair = parameter.split("=", 2);
                if (pair[0].equals("after")) {
                    after = Integer.parseInt(pair[1].substring("cursor/+".length()));
                } else if (pair[0].equals("limit")) {
                    limit = Integer.parseInt(pair[1]);
                } else if (pair[0].equals("wait")) {
                    waitMillis = Duration.parse(pair[1]).toMillis();
                }
            }
            if (after < purgedTo) {
                exchange.sendResponseHeaders(410, -1);
                return;
            }
            awaitMore(dataset, after, waitMillis);
            var log = logs.getOrDefault(dataset, List.of());
            var items = new ArrayList<>(log.subList(Math.min(after, log.size()), Math.min(log.size(), after + limit)));
            var page = new LinkedHashMap<String, Object>(
                    Map.of("items", items, "nextCursor", "cursor/+" + (after + items.size())));
            var told = asOf;
            if (told != null) {
                page.put("asOf", told.toString());
            }
            var body = json.writeValueAsBytes(page);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body, 0, fault == null ? body.length : body.length / 2);
        }
    }

    private void awaitMore(String dataset, int after, long millis) {
        synchronized (logs) {
            try {
                if (millis > 0 && logs.getOrDefault(dataset, List.of()).size() <= after) {
                    logs.wait(millis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
