package io.syncline.systemtests.portal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;

/** A data provider and a data consumer that say how they stand: something of every state. */
final class DataFakes implements AutoCloseable {

    static final String EXTRACT = "019a9f5e-0000-7000-8000-00000000abcd";

    private final HttpServer server;
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    DataFakes() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/provider/status", exchange -> send(exchange, provider()));
        server.createContext("/provider/extracts", exchange -> send(exchange, extracts(exchange)));
        server.createContext("/consumer/status", exchange -> send(exchange, consumer()));
        server.start();
    }

    String providerUrl() {
        return url("/provider");
    }

    String consumerUrl() {
        return url("/consumer");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private String ago(Duration time) {
        return '"' + now.minus(time).toString() + '"';
    }

    private String provider() {
        return """
                {"at": %1$s, "datasets": [
                  {"name": "countries", "source": "HERE", "rows": 24900, "asOf": %2$s, "importedAt": %2$s, "log": null,
                   "lookups": {"complete": 120, "broken": 1, "p99Millis": 250}},
                  {"name": "runways", "source": "HERE", "rows": 48142, "asOf": %3$s, "importedAt": %3$s, "log": null,
                   "lookups": {"complete": 0, "broken": 0, "p99Millis": null}},
                  {"name": "subscribers", "source": "HERE", "rows": null, "asOf": null, "importedAt": null, "log": null,
                   "lookups": {"complete": 0, "broken": 0, "p99Millis": null}},
                  {"name": "follows", "source": "HERE", "rows": 20000, "asOf": %3$s, "importedAt": null,
                   "log": {"recording": true, "firstSeq": 1, "lastSeq": 21413, "lastChangeAt": %4$s,
                    "waitingSince": null, "readers": [
                     {"reader": "kafka", "lastSeq": 21400, "behind": 13, "oldestSeconds": 2, "lostAt": 0.01}]},
                   "lookups": {"complete": 0, "broken": 0, "p99Millis": null}},
                  {"name": "likes", "source": "HERE", "rows": 3, "asOf": %3$s, "importedAt": null,
                   "log": {"recording": true, "firstSeq": 1, "lastSeq": 7, "lastChangeAt": %3$s,
                    "waitingSince": %3$s, "readers": []}, "lookups": null},
                  {"name": "invoices", "source": "CAPTURED", "rows": 300, "asOf": %2$s, "importedAt": null,
                   "log": {"recording": true, "firstSeq": 5, "lastSeq": 9, "lastChangeAt": %2$s,
                    "waitingSince": null, "readers": [
                     {"reader": "kafka", "lastSeq": 6, "behind": 3, "oldestSeconds": 1728000, "lostAt": 0.7}]},
                   "lookups": {"complete": 3, "broken": 0, "p99Millis": null}}],
                 "capture": {"datasets": ["invoices"], "slot": "reserved", "isFollowed": false, "lagBytes": 2048000,
                  "mostLagBytes": 1073741824, "isFailing": false},
                 "subscriptions": {"items": [
                   {"key": "crm", "dataset": "follows", "host": "crm.example.com", "ordered": true, "active": true,
                    "disabledBecause": null, "failingSince": null, "unstored": 0, "pending": 4,
                    "pendingSince": %4$s, "dead": 2, "deadSince": %2$s},
                   {"key": "mirror", "dataset": "follows", "host": "mirror.example.com", "ordered": true, "active": true,
                    "disabledBecause": null, "failingSince": null, "unstored": 0, "pending": 0,
                    "pendingSince": null, "dead": 0, "deadSince": null},
                   {"key": "old", "dataset": "follows", "host": "old.example.com", "ordered": true, "active": false,
                    "disabledBecause": "the endpoint answered 410", "failingSince": %2$s, "unstored": 9, "pending": 0,
                    "pendingSince": null, "dead": 0, "deadSince": null}],
                  "areAll": true, "countsAreExact": false}}""".formatted(
                ago(Duration.ZERO), ago(Duration.ofHours(26)), ago(Duration.ofMinutes(12)), ago(Duration.ofSeconds(4)));
    }

    private String consumer() {
        return """
                {"copies": [
                  {"path": "/sync/invoices", "source": "countries", "asOf": %1$s, "rows": 24800, "isWritten": false,
                   "updatedAt": %1$s},
                  {"path": "/sync/runways", "source": "runways", "asOf": %2$s, "rows": 48142, "isWritten": false,
                   "updatedAt": %2$s},
                  {"path": "/sync/regions", "source": "regions", "asOf": null, "rows": null, "isWritten": true,
                   "updatedAt": null}],
                 "userView": {"generation": 3, "liveSince": %1$s, "asOf": %3$s, "parked": 2,
                  "recent": {"since": %2$s, "changes": 120, "late": 7, "longestMillis": 1300},
                  "breaches": ["7 of 120 changes took longer than PT1S"],
                  "feeds": [
                   {"dataset": "follows", "seq": 21410, "asOf": %3$s, "gone": false},
                   {"dataset": "likes", "seq": 7, "asOf": null, "gone": false},
                   {"dataset": "tweets", "seq": 12, "asOf": %2$s, "gone": true}],
                  "lastWork": {"rebuildId": "rebuild-1", "purpose": "REBUILD", "state": "FILLING", "openedAt": %3$s,
                   "endedAt": null, "tries": 1, "rows": 1000, "expectedRows": 4000}}}""".formatted(ago(Duration.ofHours(50)), ago(Duration.ofMinutes(12)), ago(Duration.ofSeconds(4)));
    }

    private String extracts(HttpExchange exchange) {
        if (exchange.getRequestURI().getPath().endsWith(EXTRACT)) {
            return """
                    {"extract": %s, "filesAreAll": false, "files": [
                      {"name": "countries-00001.csv.gz", "rows": 10000, "bytes": 512000, "sha256": "%s"},
                      {"name": "countries-00002.csv.gz", "rows": 14900, "bytes": 746291, "sha256": "%s"}]}""".formatted(extract(EXTRACT, "READY"), "ab".repeat(32), "cd".repeat(32));
        }
        var query = exchange.getRequestURI().getQuery();
        return query.contains("nothing-has-this")
                ? "{\"items\": [], \"nextCursor\": null}"
                : "{\"items\": [%s, %s, %s], \"nextCursor\": \"%s\"}"
                        .formatted(
                                extract(EXTRACT.replace("abcd", "0002"), "PREPARING"),
                                extract(EXTRACT, "READY"),
                                extract(EXTRACT.replace("abcd", "0001"), "FAILED"),
                                EXTRACT);
    }

    private String extract(String id, String state) {
        return """
                {"extractId": "%s", "dataset": "countries", "state": "%s", "format": "CSV", "rowsPerFile": 10000,
                 "asOf": %s, "rows": %s, "files": %d, "bytes": 1258291, "createdAt": %s, "endedAt": null,
                 "expiresAt": "%s", "failure": %s, "requestedBy": "data-consumer"}""".formatted(
                        id,
                        state,
                        ago(Duration.ofMinutes(12)),
                        state.equals("READY") ? "24900" : "null",
                        state.equals("READY") ? 2 : 0,
                        ago(Duration.ofMinutes(11)),
                        now.plus(Duration.ofHours(23)),
                        state.equals("FAILED") ? "\"No space left on device\"" : "null");
    }

    private static void send(HttpExchange exchange, String json) throws IOException {
        try (exchange) {
            var body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
