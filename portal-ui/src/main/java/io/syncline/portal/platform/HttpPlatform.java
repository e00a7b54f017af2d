package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.util.UriBuilder;

/** The platform over HTTP, called as the person; turns every kind of refusal into words for them. */
class HttpPlatform implements Platform {

    private final PlatformHttp http;
    private final PersonCalls person;

    HttpPlatform(PlatformHttp http, PersonCalls person) {
        this.http = http;
        this.person = person;
    }

    @Override
    public RunList runs(Map<String, String> query) {
        return get(RunList.class, "runs:read", uri -> {
            uri.path("/api/v1/runs");
            // As template variables, so that every character of a value is encoded.
            query.forEach((name, value) -> uri.queryParam(name, "{" + name + "}"));
            return uri.build(query);
        });
    }

    @Override
    public RunView run(String runId) {
        return get(
                RunView.class,
                "runs:read",
                uri -> uri.path("/api/v1/runs/{runId}").build(runId));
    }

    private <T> T get(Class<T> type, String scope, Function<UriBuilder, URI> uri) {
        try {
            return person.call(HttpMethod.GET, uri, null, type);
        } catch (RestClientResponseException refusal) {
            throw inWords(refusal, scope);
        }
    }

    private PlatformException inWords(RestClientResponseException refusal, String scope) {
        var problem = http.problem(refusal);
        return switch (refusal.getStatusCode().value()) {
            case 400, 422 ->
                new PlatformException(
                        Kind.REFUSED_QUESTION,
                        "The platform does not accept these filters." + problem.afterSpace(),
                        problem.traceId(),
                        refusal);
            case 403 ->
                new PlatformException(
                        Kind.FORBIDDEN,
                        "This needs the scope %s; %s has %s."
                                .formatted(scope, person.person().user(), rolesOf(person.person())),
                        problem.traceId(),
                        refusal);
            case 404 ->
                new PlatformException(
                        Kind.UNKNOWN,
                        "The platform knows no such run." + problem.afterSpace(),
                        problem.traceId(),
                        refusal);
            default -> http.unexpected(refusal);
        };
    }

    private static String rolesOf(Person person) {
        return switch (person.roles().size()) {
            case 0 -> "no role";
            case 1 -> "the role " + person.roles().get(0);
            default -> "the roles " + String.join(", ", person.roles());
        };
    }
}
