package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.util.UriBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** One call of the platform; turns what is no answer of the API into words for the operator. */
class PlatformHttp {

    private static final Duration UNSAID_WAIT = Duration.ofMinutes(1);

    private final RestClient http;
    private final RestClient patient;
    private final URI platformUrl;
    private final JsonMapper json;

    /** @param patient the same with more time for the answer */
    PlatformHttp(RestClient http, RestClient patient, URI platformUrl, JsonMapper json) {
        this.http = http;
        this.patient = patient;
        this.platformUrl = platformUrl;
        this.json = json;
    }

    RestClient client() {
        return http;
    }

    URI platformUrl() {
        return platformUrl;
    }

    /**
     * Sends and reads; a refusal of the platform comes as {@link RestClientResponseException}, for the caller to judge.
     *
     * @param token null: without one
     */
    <T> T call(
            HttpMethod method,
            Function<UriBuilder, URI> uri,
            @Nullable String token,
            @Nullable Object body,
            Class<T> type) {
        var answer = request(method, uri, token, body).retrieve().body(type);
        if (answer == null) {
            throw PlatformException.of(Kind.UNREADABLE, "The answer of %s is empty.".formatted(platformUrl));
        }
        return answer;
    }

    /** As {@link #call}, when the answer does not matter. */
    HttpStatusCode tell(
            HttpMethod method, Function<UriBuilder, URI> uri, @Nullable String token, @Nullable Object body) {
        return request(method, uri, token, body).retrieve().toBodilessEntity().getStatusCode();
    }

    /** As {@link #call}, with the answer as it came. */
    ApiAnswer answer(
            HttpMethod method,
            Function<UriBuilder, URI> uri,
            String token,
            @Nullable Object body,
            Map<String, String> headers,
            boolean patiently) {
        var request = (patiently ? patient : http)
                .method(method)
                .uri(uri)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        headers.forEach(request::header);
        if (body != null) {
            request.body(body);
        }
        var entity = request.retrieve().toEntity(byte[].class);
        var answered = entity.getHeaders();
        return new ApiAnswer(
                entity.getStatusCode().value(),
                answered.getFirst(HttpHeaders.ETAG),
                answered.getFirst(HttpHeaders.LOCATION),
                answered.getFirst(HttpHeaders.CONTENT_TYPE),
                entity.getBody() == null ? new byte[0] : entity.getBody());
    }

    private RestClient.RequestBodySpec request(
            HttpMethod method, Function<UriBuilder, URI> uri, @Nullable String token, @Nullable Object body) {
        var request = http.method(method).uri(uri);
        if (token != null) {
            request.header(HttpHeaders.AUTHORIZATION, "Bearer " + token);
        }
        if (body != null) {
            request.contentType(MediaType.APPLICATION_JSON).body(body);
        }
        return request;
    }

    /** Runs {@code calls}; everything but a refusal becomes a {@link PlatformException}. */
    <T> T reaching(Supplier<T> calls) {
        try {
            return calls.get();
        } catch (RestClientResponseException refusal) {
            throw refusal;
        } catch (ResourceAccessException noAnswer) {
            throw new PlatformException(
                    Kind.UNAVAILABLE,
                    "The platform at %s does not answer.".formatted(platformUrl),
                    Problem.NONE,
                    noAnswer);
        } catch (RestClientException unreadable) {
            throw unreadable(unreadable);
        }
    }

    PlatformException unreadable(Exception cause) {
        return new PlatformException(
                Kind.UNREADABLE,
                "The answer of %s is not one that the portal understands.".formatted(platformUrl),
                Problem.NONE,
                cause);
    }

    /** A refusal that nobody expected. */
    PlatformException unexpected(RestClientResponseException refusal) {
        var problem = problem(refusal);
        var words = "The platform at %s answered %d.%s"
                .formatted(platformUrl, refusal.getStatusCode().value(), problem.afterSpace());
        return new PlatformException(Kind.UNAVAILABLE, words, problem, refusal);
    }

    PlatformException notConnected(RestClientResponseException refusal) {
        return new PlatformException(
                Kind.NOT_CONNECTED,
                "The platform does not take the portal's client (%d). Check that it exists, and that the platform's setting"
                                .formatted(refusal.getStatusCode().value())
                        + " SYNCLINE_PORTAL_CLIENT_ID names it.",
                problem(refusal),
                refusal);
    }

    /** Whether it is the access token that was refused, and not what was sent with it. */
    boolean refusesToken(RestClientResponseException refusal) {
        return refusal.getStatusCode().value() == 401 && problem(refusal).is("unauthorized");
    }

    /** What is wrong with what a person sent, as sentences; throws when that is not what it is about. */
    List<String> faults(RestClientResponseException refusal) {
        var status = refusal.getStatusCode().value();
        if (status == 429) {
            return List.of("Too many tries. Try again in %d seconds."
                    .formatted(retryAfter(refusal).toSeconds()));
        }
        if (status >= 500) {
            throw unexpected(refusal);
        }
        return problem(refusal).sentences();
    }

    static Duration retryAfter(RestClientResponseException refusal) {
        var headers = refusal.getResponseHeaders();
        var seconds = headers == null ? null : headers.getFirst(HttpHeaders.RETRY_AFTER);
        return seconds != null && seconds.matches("\\d{1,9}")
                ? Duration.ofSeconds(Long.parseLong(seconds))
                : UNSAID_WAIT;
    }

    /** What the platform said of it; empty when that is no problem document. */
    Problem problem(RestClientResponseException refusal) {
        try {
            var problem = json.readValue(refusal.getResponseBodyAsByteArray(), Problem.class);
            return problem == null ? Problem.NONE : problem;
        } catch (JacksonException notAProblem) {
            return Problem.NONE;
        }
    }
}
