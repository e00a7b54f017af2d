package io.syncline.portal.platform;

import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.RestClientResponseException;
import org.springframework.web.util.UriBuilder;

/** Calls the platform as the person of the request; one refused token is replaced once. */
class PersonCalls {

    private final PlatformHttp http;
    private final CurrentPerson current;

    PersonCalls(PlatformHttp http, CurrentPerson current) {
        this.http = http;
        this.current = current;
    }

    Person person() {
        return current.session().person();
    }

    /** As {@link PersonSession#signedInAgain}. */
    void signedInAgain(String accessToken, long expiresIn) {
        current.session().signedInAgain(accessToken, expiresIn);
    }

    /** Refusals come as {@link RestClientResponseException}, but 401, which ends the session. */
    <T> T call(HttpMethod method, Function<UriBuilder, URI> uri, @Nullable Object body, Class<T> type) {
        return withToken(token -> http.call(method, uri, token, body, type));
    }

    /** As {@link #call}, when the answer does not matter. */
    void tell(HttpMethod method, Function<UriBuilder, URI> uri, @Nullable Object body) {
        withToken(token -> http.tell(method, uri, token, body));
    }

    /** As {@link #call}, with the answer as it came. */
    ApiAnswer answer(
            HttpMethod method,
            Function<UriBuilder, URI> uri,
            @Nullable Object body,
            Map<String, String> headers,
            boolean patiently) {
        return withToken(token -> http.answer(method, uri, token, body, headers, patiently));
    }

    private <T> T withToken(Function<String, T> call) {
        var session = current.session();
        return http.reaching(() -> {
            var token = session.accessToken();
            try {
                return call.apply(token);
            } catch (RestClientResponseException refusal) {
                if (refusal.getStatusCode() != HttpStatus.UNAUTHORIZED) {
                    throw refusal;
                }
            }
            try {
                return call.apply(session.insteadOf(token));
            } catch (RestClientResponseException again) {
                // A fresh token is refused as well: the session is gone.
                throw again.getStatusCode() == HttpStatus.UNAUTHORIZED ? new SessionEndedException(again) : again;
            }
        });
    }
}
