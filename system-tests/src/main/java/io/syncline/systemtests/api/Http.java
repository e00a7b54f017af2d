package io.syncline.systemtests.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** One origin, called with bounded waits. */
public final class Http {

    public static final JsonMapper JSON = JsonMapper.builder().build();
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();

    private final String origin;

    public Http(String origin) {
        this.origin = origin;
    }

    public String origin() {
        return origin;
    }

    public Answer send(String method, String path, Map<String, String> headers, byte[] body, Duration atMost) {
        var request = HttpRequest.newBuilder(URI.create(origin + path))
                .timeout(atMost)
                .method(
                        method,
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        try {
            var response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return answer(response);
        } catch (IOException trouble) {
            throw new UncheckedIOException("%s %s%s: %s".formatted(method, origin, path, trouble), trouble);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + origin + path, stopped);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        var text = response.body();
        try {
            return new Answer(
                    response.statusCode(),
                    response.headers(),
                    text,
                    text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text));
        } catch (JacksonException notJson) {
            return new Answer(response.statusCode(), response.headers(), text, MissingNode.getInstance());
        }
    }
}
