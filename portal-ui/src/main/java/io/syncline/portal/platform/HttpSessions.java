package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.client.RestClientResponseException;

/** Sessions at the platform over HTTP: opened and refreshed as the portal's client, ended as the person. */
class HttpSessions implements Sessions {

    private static final String SESSIONS = "/api/v1/sessions";

    private final PlatformHttp http;
    private final AccessTokens portal;
    private final Clock clock;

    HttpSessions(PlatformHttp http, AccessTokens portal, Clock clock) {
        this.http = http;
        this.portal = portal;
        this.clock = clock;
    }

    @Override
    public SignIn open(String user, String password, Visitor visitor) {
        return open(Map.of("user", user, "password", password), visitor, words -> new SignIn.Wrong());
    }

    @Override
    public SignIn openByIdToken(String idToken, String nonce, Visitor visitor) {
        return open(Map.of("idToken", idToken, "nonce", nonce), visitor, SignIn.Refused::new);
    }

    private SignIn open(Map<String, String> proof, Visitor visitor, Function<String, SignIn> refused) {
        var body = new HashMap<>(proof);
        if (visitor.remoteAddress() != null) {
            body.put("remoteAddress", visitor.remoteAddress());
        }
        if (visitor.userAgent() != null) {
            body.put("userAgent", visitor.userAgent());
        }
        try {
            var answer = asPortal(SESSIONS, body);
            return new SignIn.Opened(new PersonSession(this, answer, clock));
        } catch (RestClientResponseException refusal) {
            return switch (refusal.getStatusCode().value()) {
                case 401, 403, 422 -> {
                    if (isAboutPortal(refusal)) {
                        throw http.notConnected(refusal);
                    }
                    yield refused.apply(http.problem(refusal).sentences().get(0));
                }
                case 429 -> new SignIn.LockedOut(PlatformHttp.retryAfter(refusal));
                default -> throw http.unexpected(refusal);
            };
        }
    }

    /** The next tokens; the token given is spent with it. */
    SessionAnswer refresh(String refreshToken) {
        try {
            return asPortal(SESSIONS + "/refresh", Map.of("refreshToken", refreshToken));
        } catch (RestClientResponseException refusal) {
            throw switch (refusal.getStatusCode().value()) {
                case 401, 403, 422 ->
                    isAboutPortal(refusal) ? http.notConnected(refusal) : new SessionEndedException(refusal);
                default -> http.unexpected(refusal);
            };
        }
    }

    /** The portal's client is refused, not the person. */
    private boolean isAboutPortal(RestClientResponseException refusal) {
        var problem = http.problem(refusal);
        return problem.is("unauthorized") || problem.is("forbidden");
    }

    void end(PersonSession session) {
        try {
            endAtPlatform(session);
        } catch (RestClientResponseException refusal) {
            throw refusal.getStatusCode().value() == 401
                    ? new SessionEndedException(refusal)
                    : http.unexpected(refusal);
        }
    }

    private void endAtPlatform(PersonSession session) {
        http.reaching(() -> {
            var token = session.accessToken();
            try {
                return endCurrent(token);
            } catch (RestClientResponseException refusal) {
                if (refusal.getStatusCode().value() != 401) {
                    throw refusal;
                }
                return endCurrent(session.insteadOf(token));
            }
        });
    }

    private HttpStatusCode endCurrent(String token) {
        return http.tell(
                HttpMethod.DELETE, uri -> uri.path(SESSIONS + "/current").build(), token, null);
    }

    @Override
    public List<String> setPassword(String code, String user, String password) {
        return faults(() -> http.tell(
                HttpMethod.POST,
                uri -> uri.path("/api/v1/users/{user}/password").build(user),
                null,
                Map.of("code", code, "password", password)));
    }

    @Override
    public List<String> makeFirstAdministrator(String code, String user, String name, String password) {
        var person = Map.of("key", user, "name", name, "password", password);
        return faults(() -> http.tell(
                HttpMethod.POST, uri -> uri.path("/api/v1/setup").build(), null, Map.of("code", code, "user", person)));
    }

    private List<String> faults(Supplier<HttpStatusCode> change) {
        try {
            http.reaching(change);
            return List.of();
        } catch (RestClientResponseException refusal) {
            return http.faults(refusal);
        }
    }

    private SessionAnswer asPortal(String path, Object body) {
        return http.reaching(() -> {
            var token = portal.current();
            try {
                return read(path, token, body);
            } catch (RestClientResponseException refusal) {
                if (!http.refusesToken(refusal)) {
                    throw refusal;
                }
                portal.refused(token);
                try {
                    return read(path, portal.current(), body);
                } catch (RestClientResponseException again) {
                    throw http.refusesToken(again) ? http.notConnected(again) : again;
                }
            }
        });
    }

    private SessionAnswer read(String path, String token, Object body) {
        var answer = http.call(HttpMethod.POST, uri -> uri.path(path).build(), token, body, SessionAnswer.class);
        if (!answer.isWhole()) {
            throw PlatformException.of(Kind.UNREADABLE, "The platform's answer holds no whole session.");
        }
        return answer;
    }
}
