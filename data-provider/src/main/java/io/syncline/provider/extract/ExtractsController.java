package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest;
import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.ExtractManifest.State;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.dataset.ETags;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.IdempotencyKey;
import io.syncline.provider.request.JsonBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.json.JsonMapper;

/** Extracts over HTTP. */
@RestController
class ExtractsController {

    private final Datasets datasets;
    private final Extracts extracts;
    private final JdbcExtracts stored;
    private final ExtractFolders folders;
    private final ExtractProperties properties;
    private final JsonMapper json;
    private final CheckedFiles checked = new CheckedFiles();

    ExtractsController(
            Datasets datasets,
            Extracts extracts,
            JdbcExtracts stored,
            ExtractFolders folders,
            ExtractProperties properties,
            JsonMapper json) {
        this.datasets = datasets;
        this.extracts = extracts;
        this.stored = stored;
        this.folders = folders;
        this.properties = properties;
        this.json = json;
    }

    @PostMapping("/datasets/{name}/extracts")
    ResponseEntity<Extracts.Asked> create(
            @PathVariable String name,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        var body = JsonBody.read(request, json, Set.of("format", "rowsPerFile"));
        var key = IdempotencyKey.read(idempotencyKey);
        var dataset = datasets.get(name);
        var format = format(body);
        int rows = body.integer("rowsPerFile", properties.rowsPerFile(), 1, properties.maxRowsPerFile());
        body.refuseErrors();
        var outcome = extracts.ask(dataset, format, rows, caller, key);
        var location = UriComponentsBuilder.fromPath("/datasets/{name}/extracts/{id}")
                .buildAndExpand(name, outcome.answer().extractId())
                .encode()
                .toUri();
        return ResponseEntity.status(outcome.repeated() ? 200 : 201)
                .location(location)
                .body(outcome.answer());
    }

    private static FileFormat format(JsonBody body) {
        var text = body.text("format", 16);
        if (text == null) {
            return FileFormat.CSV;
        }
        var format = FileFormat.of(text);
        if (format.isEmpty()) {
            body.error("format", "CSV or NDJSON is expected", "enum");
        }
        return format.orElse(FileFormat.CSV);
    }

    @GetMapping("/datasets/{name}/extracts/{id}")
    ResponseEntity<ExtractManifest> manifest(
            @PathVariable String name, @PathVariable String id, @RequestParam(required = false) @Nullable String wait) {
        var time = wait(wait);
        var dataset = datasets.get(name);
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(extracts.manifest(dataset, id, time));
    }

    private Duration wait(@Nullable String text) {
        if (text == null) {
            return Duration.ZERO;
        }
        try {
            var wait = Duration.parse(text);
            if (!wait.isNegative() && wait.compareTo(properties.maxWait()) <= 0) {
                return wait;
            }
        } catch (DateTimeParseException wrong) {
            // Answered below like a time out of range.
        }
        throw ProblemException.of(400, "invalid-parameter", "A parameter is not of its type")
                .error("parameter", "wait", "a duration from PT0S to " + properties.maxWait(), "type");
    }

    @GetMapping("/datasets/{name}/extracts/{id}/files/{file}")
    void file(
            @PathVariable String name,
            @PathVariable String id,
            @PathVariable("file") String fileName,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        var extract = extracts.get(datasets.get(name), id);
        if (extract.state() != State.READY) {
            throw ProblemException.of(409, "extract-not-ready", "The extract is not ready")
                    .detail("Its files can be read once its state is READY")
                    .member("state", extract.state().name());
        }
        var file = stored.file(id, fileName)
                .orElseThrow(() -> ProblemException.of(404, "no-such-file", "The extract has no such file")
                        .detail("Its manifest names its files"));
        var path = folders.file(extract, file.name());
        if (!checked.isWhole(path, file)) {
            stored.damaged(id);
            throw ProblemException.of(500, "extract-file-damaged", "The file is not what the manifest says")
                    .detail("It is missing or was changed at rest; ask for a new extract");
        }
        answer(file, path, request, response);
    }

    private static void answer(ExtractFile file, Path path, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var etag = ETags.strong(file.sha256());
        if (ETags.matchFails(request.getHeader(HttpHeaders.IF_MATCH), etag)) {
            throw ProblemException.of(412, "precondition-failed", "The file is another than the one asked for")
                    .detail("The ETag of the file is in the answer without If-Match")
                    .header(HttpHeaders.ETAG, etag);
        }
        response.setHeader(HttpHeaders.ETAG, etag);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=3600, immutable, no-transform");
        if (ETags.noneMatchFails(request.getHeader(HttpHeaders.IF_NONE_MATCH), etag)) {
            response.setStatus(304);
            return;
        }
        var ifRange = request.getHeader(HttpHeaders.IF_RANGE);
        var range = ifRange == null || ifRange.strip().equals(etag)
                ? ByteRange.read(request.getHeader(HttpHeaders.RANGE), file.bytes())
                : Optional.<ByteRange>empty();
        if (range.isPresent() && range.get().length() == 0) {
            throw ProblemException.of(416, "range-not-satisfiable", "The file has no such bytes")
                    .detail("The file has " + file.bytes() + " bytes")
                    .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.bytes());
        }
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        response.setHeader(
                "Repr-Digest",
                "sha-256=:" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(file.sha256())) + ":");
        response.setContentType("application/gzip");
        // One of our own names, of letters, digits, dots and hyphens.
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + file.name() + "\"");
        range.ifPresent(part -> {
            response.setStatus(206);
            response.setHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(file.bytes()));
        });
        var part = range.orElse(new ByteRange(0, file.bytes()));
        response.setContentLengthLong(part.length());
        if (!request.getMethod().equals("HEAD")) {
            send(path, part, response);
        }
    }

    private static void send(Path path, ByteRange part, HttpServletResponse response) throws IOException {
        var out = response.getOutputStream();
        try (var channel = FileChannel.open(path)) {
            channel.position(part.from());
            var buffer = ByteBuffer.allocate(64 * 1024);
            long left = part.length();
            while (left > 0) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), left));
                int read = channel.read(buffer);
                if (read < 0) {
                    throw new EOFException("The file ended " + left + " bytes early");
                }
                out.write(buffer.array(), 0, read);
                left -= read;
            }
        }
    }
}
