package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.DocumentFormat;
import io.syncline.scheduler.catalog.Documents;
import io.syncline.scheduler.catalog.Precondition;
import io.syncline.scheduler.security.ProblemException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.node.ObjectNode;

/** Configuration documents on the wire: JSON or YAML in, JSON out unless YAML is asked for, the version as ETag. */
final class ConfigDocuments {

    static final String APPLICATION_YAML = "application/yaml";
    static final String APPLICATION_X_YAML = "application/x-yaml";
    static final String TEXT_YAML = "text/yaml";
    static final String TEXT_X_YAML = "text/x-yaml";

    private static final int MOST_BYTES = 1024 * 1024;

    private ConfigDocuments() {}

    static DocumentFormat format(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).contains("yaml")
                ? DocumentFormat.YAML
                : DocumentFormat.JSON;
    }

    static byte[] bounded(byte @Nullable [] body) {
        if (body == null) {
            return new byte[0];
        }
        if (body.length > MOST_BYTES) {
            throw ProblemException.of(413, "body-too-large", "The body is too large")
                    .detail("A document has at most " + MOST_BYTES + " bytes.");
        }
        return body;
    }

    static Precondition precondition(HttpHeaders headers) {
        return new Precondition(joined(headers, HttpHeaders.IF_MATCH), joined(headers, HttpHeaders.IF_NONE_MATCH));
    }

    static ResponseEntity<byte[]> answer(HttpHeaders request, ObjectNode document, int version) {
        boolean yaml = wantsYaml(request);
        String text = yaml ? Documents.toYaml(document) : Documents.toJson(document);
        return ResponseEntity.ok()
                .contentType(yaml ? MediaType.parseMediaType(APPLICATION_YAML) : MediaType.APPLICATION_JSON)
                .eTag(Precondition.etag(version))
                .body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer to a PUT: 201 with its place when the document is new, else 200. */
    static ResponseEntity<byte[]> stored(String path, boolean created, ResponseEntity<byte[]> answer) {
        return created
                ? ResponseEntity.created(URI.create(path))
                        .headers(answer.getHeaders())
                        .body(answer.getBody())
                : answer;
    }

    static boolean wantsYaml(HttpHeaders request) {
        String accept = joined(request, HttpHeaders.ACCEPT);
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("yaml");
    }

    private static @Nullable String joined(HttpHeaders headers, String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : String.join(", ", values);
    }
}
