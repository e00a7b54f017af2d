package io.syncline.consumer.provider;

import io.syncline.client.TokenClient;
import io.syncline.client.TokenUnavailableException;
import io.syncline.contracts.ExtractManifest;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The data provider over HTTP. Every read of an answer has a time limit, and every answer that is not a file a size. */
public class ProviderClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final int MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
    private static final int MAX_PAGE_BYTES = 32 * 1024 * 1024;

    private final RestClient http;
    private final TokenClient tokens;
    private final JsonMapper json;

    public ProviderClient(URI baseUrl, Duration readTimeout, TokenClient tokens, JsonMapper json) {
        this.http = RestClient.builder()
                .baseUrl(baseUrl.toString())
                .requestFactory(requestFactory(readTimeout))
                .build();
        this.tokens = tokens;
        this.json = json.rebuild()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    /** The answer to an order; the manifest itself is asked for by {@link #manifest}. */
    record Ordered(@Nullable String extractId) {}

    /**
     * A page of the change feed, its changes as they came.
     *
     * @param asOf all that was committed before is in front of the cursor; null: not told
     */
    public record ChangePage(
            @Nullable List<JsonNode> items,
            @Nullable String nextCursor,
            @Nullable Instant asOf) {}

    /** Reads a file's bytes while the connection is open. */
    public interface FileReader<T> {
        T read(InputStream bytes) throws IOException;
    }

    /** Orders an extract; the same key gives the same extract. */
    public String order(String dataset, String idempotencyKey) {
        return call(
                "order an extract of " + dataset,
                token -> http.post()
                        .uri("/datasets/{dataset}/extracts", dataset)
                        .headers(headers -> headers.setBearerAuth(token))
                        .header("Idempotency-Key", '"' + idempotencyKey + '"')
                        .contentType(MediaType.APPLICATION_JSON)
                        .body("{}")
                        .exchange((request, response) -> {
                            check(response, "order an extract of " + dataset, token);
                            var extractId = parse(response, Ordered.class).extractId();
                            if (extractId == null || extractId.isBlank()) {
                                throw new ProviderException(
                                        "the provider accepted the order of an extract but named none", true, null);
                            }
                            return extractId;
                        }));
    }

    /** The manifest as it is now; waits a little for it to be READY. Empty when the provider forgot the extract. */
    public Optional<ExtractManifest> manifest(String dataset, String extractId) {
        var what = "read the manifest of extract " + extractId;
        return call(
                what,
                token -> http.get()
                        .uri("/datasets/{dataset}/extracts/{id}?wait=PT2S", dataset, extractId)
                        .headers(headers -> headers.setBearerAuth(token))
                        .accept(MediaType.APPLICATION_JSON)
                        .exchange((request, response) -> {
                            if (response.getStatusCode().value() == 404
                                    || response.getStatusCode().value() == 410) {
                                return Optional.empty();
                            }
                            check(response, what, token);
                            return Optional.of(whole(parse(response, ExtractManifest.class)));
                        }));
    }

    /**
     * The changes behind a cursor; waits a little for one when there is none.
     *
     * @param after null: from the beginning
     * @throws ChangesGoneException when the provider does not keep what follows the cursor any more
     */
    public ChangePage changes(String dataset, @Nullable String after, Duration wait, int limit) {
        var what = "read the changes of " + dataset;
        return call(
                what,
                token -> http.get()
                        .uri(builder -> {
                            builder.path("/datasets/{dataset}/changes")
                                    .queryParam("wait", wait)
                                    .queryParam("limit", limit);
                            return after == null
                                    ? builder.build(dataset)
                                    : builder.queryParam("after", "{after}").build(dataset, after);
                        })
                        .headers(headers -> headers.setBearerAuth(token))
                        .accept(MediaType.APPLICATION_JSON)
                        .exchange((request, response) -> {
                            if (response.getStatusCode().value() == 410) {
                                throw new ChangesGoneException(dataset);
                            }
                            check(response, what, token);
                            var page = parse(response, ChangePage.class, MAX_PAGE_BYTES);
                            if (page.items() == null || page.nextCursor() == null) {
                                throw new ProviderException(
                                        "the provider's changes lack items or nextCursor", true, null);
                            }
                            return page;
                        }));
    }

    /** Streams one file as it is stored. */
    public <T> T file(String dataset, String extractId, String file, FileReader<T> reader) {
        var what = "download " + file;
        return call(
                what,
                token -> http.get()
                        .uri("/datasets/{dataset}/extracts/{id}/files/{file}", dataset, extractId, file)
                        .headers(headers -> headers.setBearerAuth(token))
                        .exchange((request, response) -> {
                            check(response, what, token);
                            return reader.read(new WholeBody(
                                    response.getBody(), response.getHeaders().getContentLength()));
                        }));
    }

    /**
     * Looks ids up. The reader gets the answer's lines, one JSON object each, while the connection is open; it must see to
     * it that the last line came.
     */
    public <T> T lookUp(String dataset, List<String> ids, FileReader<T> reader) {
        var what = "look up %d ids in %s".formatted(ids.size(), dataset);
        return call(
                what,
                token -> http.post()
                        .uri("/datasets/{dataset}/lookups", dataset)
                        .headers(headers -> headers.setBearerAuth(token))
                        .accept(MediaType.APPLICATION_NDJSON)
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(json.writeValueAsBytes(ids))
                        .exchange((request, response) -> {
                            check(response, what, token);
                            return reader.read(response.getBody());
                        }));
    }

    private static ExtractManifest whole(ExtractManifest manifest) {
        boolean ready = manifest.state() == ExtractManifest.State.READY;
        if (manifest.state() == null
                || ready
                        && Stream.of(manifest.asOf(), manifest.columns(), manifest.key(), manifest.files())
                                .anyMatch(Objects::isNull)) {
            throw new ProviderException("the provider's manifest lacks state, asOf, columns, key or files", true, null);
        }
        return manifest;
    }

    private interface Exchange<T> {
        @Nullable
        T with(String token);
    }

    private <T> T call(String what, Exchange<T> exchange) {
        try {
            var answer = exchange.with(tokens.accessToken("data:read"));
            if (answer == null) {
                throw new ProviderException("cannot " + what + ": the provider's answer is empty", true, null);
            }
            return answer;
        } catch (ResourceAccessException e) {
            throw new ProviderException("cannot " + what + ": no whole answer from the provider", true, e);
        } catch (TokenUnavailableException e) {
            throw new ProviderException("cannot " + what + ": the platform gives no access token", true, e);
        }
    }

    private void check(ClientHttpResponse response, String what, String token) throws IOException {
        HttpStatusCode status = response.getStatusCode();
        if (status.is2xxSuccessful()) {
            return;
        }
        if (status.value() == 401) {
            tokens.refused(token);
        }
        throw new ProviderException(
                "cannot " + what + ": the provider answers " + status.value(), isRetryable(status.value()), null);
    }

    private static boolean isRetryable(int status) {
        return switch (status) {
            case 401, 408, 409, 425, 429 -> true;
            default -> status >= 500;
        };
    }

    private <T> T parse(ClientHttpResponse response, Class<T> type) throws IOException {
        return parse(response, type, MAX_MANIFEST_BYTES);
    }

    private <T> T parse(ClientHttpResponse response, Class<T> type, int mostBytes) throws IOException {
        var body = response.getBody().readNBytes(mostBytes + 1);
        if (body.length > mostBytes) {
            throw new ProviderException(
                    "the provider's answer is larger than " + mostBytes / 1024 / 1024 + " MiB", false, null);
        }
        try {
            var parsed = json.readValue(body, type);
            if (parsed == null) {
                throw new ProviderException("the provider's answer is null where an object is due", true, null);
            }
            return parsed;
        } catch (JacksonException e) {
            throw new ProviderException("the provider's answer is not the JSON that is due", true, e);
        }
    }

    private static SimpleClientHttpRequestFactory requestFactory(Duration readTimeout) {
        var factory = new SimpleClientHttpRequestFactory() {
            @Override
            protected void prepareConnection(HttpURLConnection connection, String method) throws IOException {
                super.prepareConnection(connection, method);
                connection.setInstanceFollowRedirects(false); // a token is for the provider alone
            }
        };
        factory.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
        factory.setReadTimeout((int) readTimeout.toMillis());
        return factory;
    }
}
