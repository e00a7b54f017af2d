package io.syncline.client.platform;

import io.syncline.client.ClientProperties;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** The one HTTP client towards the platform: no redirects, time-outs everywhere, bounded answers. */
public final class PlatformHttp {

    private static final int MOST_ANSWER_BYTES = 1 << 20;

    private final RestClient client;

    public PlatformHttp(ClientProperties properties) {
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(properties.connectTimeout())
                .build();
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(properties.readTimeout());
        this.client = RestClient.builder().requestFactory(requests).build();
    }

    /**
     * Whatever the receiver says is an answer.
     *
     * @param retryAfter what the receiver asks for, as it wrote it
     */
    public record Answer(int status, byte[] body, @Nullable String retryAfter) {

        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** The wait that the receiver asks for, if it can be read. */
        public @Nullable Duration wait(Instant now) {
            if (retryAfter == null) {
                return null;
            }
            try {
                return Duration.ofSeconds(Long.parseLong(retryAfter.trim()));
            } catch (NumberFormatException e) {
                return untilDate(retryAfter.trim(), now);
            }
        }

        private static @Nullable Duration untilDate(String date, Instant now) {
            try {
                var until = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
                return Duration.between(now, until.toInstant());
            } catch (DateTimeParseException e) {
                return null;
            }
        }
    }

    /** @throws org.springframework.web.client.RestClientException when there is no answer */
    public Answer get(String url) {
        return client.method(HttpMethod.GET)
                .uri(java.net.URI.create(url))
                .accept(MediaType.APPLICATION_JSON)
                .exchange((request, response) -> answer(response));
    }

    /** @throws org.springframework.web.client.RestClientException when there is no answer */
    public Answer post(String url, MediaType type, Map<String, String> headers, byte[] body) {
        return client.method(HttpMethod.POST)
                .uri(java.net.URI.create(url))
                .contentType(type)
                .accept(MediaType.APPLICATION_JSON, MediaType.APPLICATION_PROBLEM_JSON)
                .headers(all -> headers.forEach(all::set))
                .body(body)
                .exchange((request, response) -> answer(response));
    }

    private static Answer answer(ClientHttpResponse response) throws IOException {
        var body = response.getBody().readNBytes(MOST_ANSWER_BYTES);
        return new Answer(
                response.getStatusCode().value(), body, response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER));
    }
}
