package io.syncline.portal.platform;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.RestClientResponseException;

/** The person's own account over HTTP. */
class HttpAccount implements Account {

    private final PlatformHttp http;
    private final PersonCalls person;

    HttpAccount(PlatformHttp http, PersonCalls person) {
        this.http = http;
        this.person = person;
    }

    @Override
    public boolean hasPassword() {
        try {
            var me = person.call(HttpMethod.GET, uri -> uri.path("/api/v1/me").build(), null, Me.class);
            return Boolean.TRUE.equals(me.hasPassword);
        } catch (RestClientResponseException refusal) {
            throw http.unexpected(refusal);
        }
    }

    @Override
    public List<SessionView> sessions() {
        try {
            var list = person.call(
                    HttpMethod.GET, uri -> uri.path("/api/v1/sessions").build(), null, SessionList.class);
            return list.items == null ? List.of() : list.items;
        } catch (RestClientResponseException refusal) {
            throw http.unexpected(refusal);
        }
    }

    @Override
    public List<String> changePassword(String currentPassword, String password) {
        try {
            person.tell(
                    HttpMethod.POST,
                    uri -> uri.path("/api/v1/me/password").build(),
                    Map.of("currentPassword", currentPassword, "password", password));
            return List.of();
        } catch (RestClientResponseException refusal) {
            return http.faults(refusal);
        }
    }

    @Override
    public List<String> signInAgain(String password) {
        try {
            var again = person.call(
                    HttpMethod.POST,
                    uri -> uri.path("/api/v1/sessions/current/sign-in").build(),
                    Map.of("password", password),
                    Again.class);
            if (again.accessToken == null || again.expiresIn == null) {
                throw PlatformException.of(
                        PlatformException.Kind.UNREADABLE, "The platform's answer holds no whole token.");
            }
            person.signedInAgain(again.accessToken, again.expiresIn);
            return List.of();
        } catch (RestClientResponseException refusal) {
            return refusal.getStatusCode() == HttpStatus.FORBIDDEN
                    ? List.of("The password is wrong.")
                    : http.faults(refusal);
        }
    }

    @Override
    public void endSession(String sessionId) {
        try {
            person.tell(
                    HttpMethod.DELETE, uri -> uri.path("/api/v1/sessions/{id}").build(sessionId), null);
        } catch (RestClientResponseException refusal) {
            if (refusal.getStatusCode() != HttpStatus.NOT_FOUND) {
                throw http.unexpected(refusal);
            }
        }
    }

    private record Me(@Nullable Boolean hasPassword) {}

    private record Again(
            @Nullable String accessToken, @Nullable Long expiresIn) {

        @Override
        public String toString() {
            return "Again[hidden]";
        }
    }

    private record SessionList(@Nullable List<SessionView> items) {}
}
