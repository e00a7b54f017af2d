package io.syncline.consumer.enrichment;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.SyncRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Files of calls in an inbox, and the enrichment that takes them. */
final class CallFiles {

    static final String FORMAT = "EEE MMM dd HH:mm:ss Z uuuu";
    static final String GOOD = "07610039694,07434677419,Incoming,211,Wed Sep 15 19:17:44 +0100 2010";

    private CallFiles() {}

    static List<FileColumn> columns() {
        return List.of(
                column("owner", FileColumn.Type.DIGITS),
                column("other", FileColumn.Type.DIGITS),
                new FileColumn(
                        "direction",
                        FileColumn.Type.TEXT,
                        List.of("Incoming", "Outgoing", "Missed"),
                        86400,
                        null,
                        null),
                column("seconds", FileColumn.Type.SECONDS),
                new FileColumn(
                        "called",
                        FileColumn.Type.TIME,
                        List.of(),
                        86400,
                        FORMAT,
                        Instant.parse("2000-01-01T00:00:00Z")));
    }

    static FileColumn column(String name, FileColumn.Type type) {
        return new FileColumn(name, type, List.of(), 86400, null, null);
    }

    static Enrichment enrichment(
            boolean header, List<Enrichment.LookUp> lookUps, int lookUpIds, int lookUpTries, int rowsPerFile) {
        return new Enrichment(
                "calls",
                columns(),
                header,
                StandardCharsets.UTF_8,
                "subscribers",
                "customerID",
                List.of("gender", "Contract"),
                lookUps,
                lookUpIds,
                lookUpTries,
                rowsPerFile);
    }

    static Enrichment.LookUp kept(String column) {
        return new Enrichment.LookUp(column, Enrichment.Unknown.KEEP);
    }

    static Enrichment.LookUp rejected(String column) {
        return new Enrichment.LookUp(column, Enrichment.Unknown.REJECT);
    }

    static ExtractFile put(Path inbox, String name, String text, long rows) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return put(inbox, name, name.endsWith(".gz") ? pack(bytes) : bytes, rows);
    }

    static ExtractFile put(Path inbox, String name, byte[] bytes, long rows) throws IOException {
        Files.createDirectories(inbox);
        Files.write(inbox.resolve(name), bytes);
        return new ExtractFile(name, rows, bytes.length, sha256(bytes));
    }

    static byte[] pack(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
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

    /** The data of a trigger message that names these files. */
    static Map<String, Object> data(ExtractFile... files) {
        return Map.of("files", List.of(files).stream().map(CallFiles::named).toList());
    }

    static Map<String, Object> named(ExtractFile file) {
        var named = new LinkedHashMap<String, Object>();
        named.put("name", file.name());
        named.put("rows", file.rows());
        named.put("bytes", file.bytes());
        named.put("sha256", file.sha256());
        return named;
    }

    static SyncRequest request(@Nullable String businessKey, @Nullable Object data) {
        return new SyncRequest(
                "run",
                "task-run",
                1,
                1,
                "calls-daily",
                "enrich",
                businessKey,
                Map.of(),
                new SyncRequest.Trigger("/mediation", "1", "calls.ready", null, data),
                new SyncRequest.Callback("http://127.0.0.1/callbacks", "token", Instant.parse("2026-11-22T00:00:00Z")),
                Instant.parse("2026-11-22T00:00:00Z"));
    }
}
