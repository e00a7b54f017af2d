package io.syncline.provider.imports;

import io.syncline.provider.HomeProperties;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.Caller;
import io.syncline.provider.request.GzipBody;
import io.syncline.provider.request.IdempotencyKey;
import io.syncline.provider.request.Owners;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /datasets/{name}/imports}: the body is the dataset's whole new content. */
@RestController
class ImportsController {

    private final Datasets datasets;
    private final Imports imports;
    private final Owners owners;
    private final ImportProperties properties;
    private final Path directory;
    private final Semaphore places;

    ImportsController(
            Datasets datasets, Imports imports, Owners owners, ImportProperties properties, HomeProperties home) {
        this.datasets = datasets;
        this.imports = imports;
        this.owners = owners;
        this.properties = properties;
        this.directory = home.directory("imports");
        this.places = new Semaphore(properties.atOnce());
    }

    @PostMapping("/datasets/{name}/imports")
    ResponseEntity<ImportAnswer> create(
            @PathVariable String name,
            @RequestParam(defaultValue = "false") boolean trigger,
            @RequestParam(required = false) @Nullable String subject,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        owners.refuseOthers(caller);
        var encoding = request.getHeader("Content-Encoding");
        GzipBody.refuseOthers(encoding);
        if (request.getContentLengthLong() > properties.maxBytes().toBytes()) {
            throw ProblemException.of(413, "body-too-large", "The body is too large")
                    .detail("An import has at most " + properties.maxBytes().toBytes() + " bytes");
        }
        var key = IdempotencyKey.read(idempotencyKey);
        if (subject != null && (subject.isBlank() || subject.length() > 255)) {
            throw ProblemException.of(400, "invalid-parameter", "A parameter is not of its type")
                    .error("parameter", "subject", "has 1 to 255 characters", "length");
        }
        var dataset = datasets.get(name);
        refuseOtherMediaTypes(request.getContentType(), dataset.form().charset());
        if (dataset.writtenElsewhere()) {
            throw ProblemException.of(
                            409, "written-elsewhere", "The table of this dataset is written by other programs")
                    .detail("It takes no imports; change the data where it is owned");
        }
        if (!places.tryAcquire()) {
            throw ProblemException.of(503, "too-many-imports", "As many imports as allowed are being taken in")
                    .detail("Nothing was changed; try again after the time in Retry-After")
                    .header("Retry-After", "2");
        }
        try (var body = ReceivedBody.receive(
                request.getInputStream(), encoding, properties.maxBytes().toBytes(), directory)) {
            var outcome = imports.run(dataset, body, trigger, subject, caller, key);
            return ResponseEntity.status(outcome.repeated() ? 200 : 201).body(outcome.answer());
        } finally {
            places.release();
        }
    }

    private static void refuseOtherMediaTypes(@Nullable String contentType, Charset expected) {
        try {
            if (contentType != null) {
                var type = MediaType.parseMediaType(contentType);
                var charset = type.getCharset();
                if (type.isCompatibleWith(MediaType.parseMediaType("text/csv"))
                        && (charset == null || charset.equals(expected))) {
                    return;
                }
            }
        } catch (IllegalArgumentException unreadable) {
            // Answered below like any other type.
        }
        throw ProblemException.of(415, "unsupported-media-type", "The body is of a media type not taken here")
                .detail("Send text/csv in " + expected.name());
    }
}
