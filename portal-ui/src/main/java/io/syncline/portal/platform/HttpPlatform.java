package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.util.UriBuilder;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The platform over HTTP; turns every kind of refusal into words for the operator. */
class HttpPlatform implements Platform {

    private final RestClient http;
    private final AccessTokens tokens;
    private final URI platformUrl;
    private final JsonMapper json;

    HttpPlatform(RestClient http, AccessTokens tokens, URI platformUrl, JsonMapper json) {
        this.http = http;
        this.tokens = tokens;
        this.platformUrl = platformUrl;
        this.json = json;
    }

    @Override
    public RunList runs(Map<String, String> query) {
        return get(RunList.class, uri -> {
            uri.path("/api/v1/runs");
            // As template variables, so that every character of a value is encoded.
            query.forEach((name, value) -> uri.queryParam(name, "{" + name + "}"));
            return uri.build(query);
        });
    }

    @Override
    public RunView run(String runId) {
        return get(RunView.class, uri -> uri.path("/api/v1/runs/{runId}").build(runId));
    }

    private <T> T get(Class<T> type, Function<UriBuilder, URI> uri) {
        try {
            var token = tokens.current();
            try {
                return read(type, uri, token);
            } catch (RestClientResponseException refusal) {
                if (refusal.getStatusCode() != HttpStatus.UNAUTHORIZED) {
                    throw refusal;
                }
                tokens.refused(token);
                return read(type, uri, tokens.current());
            }
        } catch (RestClientResponseException refusal) {
            throw inWords(refusal);
        } catch (ResourceAccessException noAnswer) {
            throw new PlatformException(
                    Kind.UNAVAILABLE, "The platform at %s does not answer.".formatted(platformUrl), null, noAnswer);
        } catch (RestClientException unreadable) {
            throw new PlatformException(
                    Kind.UNREADABLE,
                    "The answer of %s is not one that the portal understands.".formatted(platformUrl),
                    null,
                    unreadable);
        }
    }

    private <T> T read(Class<T> type, Function<UriBuilder, URI> uri, String token) {
        var body = http.get()
                .uri(uri)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .retrieve()
                .body(type);
        if (body == null) {
            throw PlatformException.of(Kind.UNREADABLE, "The answer of %s is empty.".formatted(platformUrl));
        }
        return body;
    }

    private PlatformException inWords(RestClientResponseException refusal) {
        var problem = problem(refusal);
        var status = refusal.getStatusCode().value();
        var detail = problem == null || problem.detail == null ? "" : " " + problem.detail;
        var traceId = problem == null ? null : problem.traceId;
        return switch (status) {
            case 400, 422 ->
                new PlatformException(
                        Kind.REFUSED_QUESTION,
                        "The platform does not accept these filters." + detail,
                        traceId,
                        refusal);
            case 401, 403 ->
                new PlatformException(
                        Kind.NOT_ALLOWED,
                        "The portal's client may not read runs (%d). It needs the scope runs:read.".formatted(status),
                        traceId,
                        refusal);
            case 404 ->
                new PlatformException(Kind.UNKNOWN, "The platform knows no such run." + detail, traceId, refusal);
            default ->
                new PlatformException(
                        Kind.UNAVAILABLE,
                        "The platform at %s answered %d.%s".formatted(platformUrl, status, detail),
                        traceId,
                        refusal);
        };
    }

    private @Nullable Problem problem(RestClientResponseException refusal) {
        try {
            return json.readValue(refusal.getResponseBodyAsByteArray(), Problem.class);
        } catch (JacksonException notAProblem) {
            return null;
        }
    }

    private record Problem(
            @Nullable String title,
            @Nullable String detail,
            @Nullable String traceId) {}
}
