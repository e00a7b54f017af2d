package io.syncline.systemtests.prove;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.csv.CsvTable;
import io.syncline.systemtests.history.History;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * Three who read and change nothing: one reads users of the view at each consumer in turn, one the table that files are merged
 * into, and one takes extracts from the provider, file by file. They write down what they see; what there is no answer to, they do
 * not see.
 */
final class Readers implements AutoCloseable {

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final long VIEW_PAUSE_MILLIS = 150;
    private static final long TABLE_PAUSE_MILLIS = 400;
    private static final long EXTRACT_PAUSE_MILLIS = 3000;
    /** Other files than those that the consumers order, so that each extract is one of its own. */
    private static final int ROWS_PER_FILE = 47;

    private static final int LOOKS = 100;
    private static final long LOOK_NANOS = 100_000_000;
    private static final String TABLE = "select id, name from consumer.countries order by id";
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    private final History history;
    private final Owner owner;
    private final List<Http> consumers;
    private final String provider;
    private final Postgres postgres;
    private final List<Loop> loops;
    private int turn;

    Readers(History history, Owner owner, String provider, List<String> consumers, Postgres postgres) {
        this.history = history;
        this.owner = owner;
        this.provider = provider;
        this.consumers = consumers.stream().map(Http::new).toList();
        this.postgres = postgres;
        this.loops = List.of(
                new Loop("view reader", VIEW_PAUSE_MILLIS, this::readView),
                new Loop("table reader", TABLE_PAUSE_MILLIS, this::readTable),
                new Loop("extract reader", EXTRACT_PAUSE_MILLIS, this::readExtract));
    }

    void start() {
        loops.forEach(Loop::start);
    }

    private void readView() {
        var number = turn++;
        var consumer = number % consumers.size();
        var users = Society.counting();
        var user = users.get(number / consumers.size() % users.size());
        var answer = consumers
                .get(consumer)
                .send(
                        "GET",
                        "/users/" + user,
                        Map.of("Authorization", "Bearer " + owner.token()),
                        new byte[0],
                        ANSWER_WITHIN);
        if (answer.status() == 200 || answer.status() == 404) {
            var asOf = answer.header("Syncline-As-Of");
            history.add(
                    "reader",
                    "viewLook",
                    "user",
                    user,
                    "consumer",
                    consumer + 1,
                    "version",
                    answer.json().path("name").asInt(0),
                    "asOf",
                    asOf.isEmpty() ? null : History.micros(Instant.parse(asOf)));
        }
    }

    /** As spans of rows of one day, such as {@code 1-60:7 61-120:8}. */
    private void readTable() throws SQLException {
        var asked = history.now();
        var spans = new StringBuilder();
        int rows = 0;
        int first = 0;
        int last = 0;
        var day = "";
        try (var connection = postgres.connect("prove");
                var select = connection.createStatement();
                var all = select.executeQuery(TABLE)) {
            while (all.next()) {
                int id = Integer.parseInt(all.getString(1));
                if (id != last + 1 || !day.equals(all.getString(2))) {
                    span(spans, first, last, day);
                    first = id;
                    day = all.getString(2);
                }
                last = id;
                rows++;
            }
        }
        span(spans, first, last, day);
        history.add("reader", "tableLook", "asked", asked, "rows", rows, "spans", spans.toString());
    }

    private static void span(StringBuilder spans, int first, int last, String day) {
        if (first > 0) {
            spans.append(spans.isEmpty() ? "" : " ").append(first).append('-').append(last);
            spans.append(':').append(day);
        }
    }

    private void readExtract() throws IOException, InterruptedException {
        var path = "/datasets/" + Days.DATASET + "/extracts";
        var askedAt = history.now();
        var asked = owner.send(
                        "POST",
                        path,
                        Map.of("Content-Type", "application/json", "Idempotency-Key", "\"" + UUID.randomUUID() + "\""),
                        Owner.bytes("{\"rowsPerFile\": " + ROWS_PER_FILE + "}"))
                .expect(200, 201);
        path += "/" + asked.json().path("extractId").asString("");
        for (int i = 0; i < LOOKS; i++) {
            var manifest =
                    owner.send("GET", path, Map.of(), new byte[0]).expect(200).json();
            if (manifest.path("state").asString("").equals("READY")) {
                read(path, manifest, askedAt);
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void read(String path, JsonNode manifest, long askedAt) throws IOException, InterruptedException {
        var days = new TreeSet<String>();
        var ids = new TreeSet<String>();
        long rows = 0;
        boolean same = true;
        for (JsonNode file : manifest.path("files")) {
            var bytes = bytes(path + "/files/" + file.path("name").asString(""));
            if (!sha256(bytes).equals(file.path("sha256").asString(""))
                    || bytes.length != file.path("bytes").asLong(-1)) {
                // What it holds is no matter then.
                same = false;
                continue;
            }
            var records = CsvTable.records(new InputStreamReader(
                    new GZIPInputStream(new ByteArrayInputStream(bytes)), StandardCharsets.UTF_8));
            var header = records.remove(0);
            same &= records.size() == file.path("rows").asLong(-1);
            for (var row : records) {
                rows++;
                ids.add(row.get(header.indexOf("id")));
                days.add(row.get(header.indexOf("name")));
            }
        }
        history.add(
                "reader",
                "extract",
                "extract",
                manifest.path("extractId").asString(""),
                "asked",
                askedAt,
                "rows",
                manifest.path("rows").asLong(-1),
                "rowsRead",
                rows,
                "distinct",
                ids.size(),
                "days",
                String.join(" ", days),
                "asInManifest",
                same);
    }

    private byte[] bytes(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(provider + path))
                .timeout(ANSWER_WITHIN)
                .header("Authorization", "Bearer " + owner.token())
                .build();
        var answer = CLIENT.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return switch (answer.statusCode()) {
            case 200 -> answer.body();
            // Is not what the manifest says, then.
            case 404, 410 -> new byte[0];
            default -> throw new IOException("answered " + answer.statusCode());
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        loops.forEach(Loop::stop);
    }
}
