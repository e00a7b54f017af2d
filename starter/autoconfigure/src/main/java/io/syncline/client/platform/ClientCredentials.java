package io.syncline.client.platform;

import io.syncline.client.TokenClient;
import io.syncline.client.TokenUnavailableException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClientException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Tokens by the client-credentials grant with {@code client_secret_basic}; one cached token for each set of scopes. */
final class ClientCredentials implements TokenClient {

    /** A token is renewed once this part of its life is over, so that it never ends on its way. */
    private static final double LIFE_BEFORE_RENEWAL = 0.8;

    private final PlatformHttp http;
    private final String tokenUrl;
    private final String authorization;
    private final Clock clock;
    private final JsonMapper json = new JsonMapper();
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();

    ClientCredentials(PlatformHttp http, String platformUrl, String clientId, String clientSecret, Clock clock) {
        this.http = http;
        this.tokenUrl = platformUrl + "/oauth2/token";
        this.clock = clock;
        var credentials = formEncoded(clientId) + ":" + formEncoded(clientSecret);
        this.authorization =
                "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String accessToken(String... scopes) {
        var scope = Arrays.stream(scopes).distinct().sorted().collect(Collectors.joining(" "));
        return slots.computeIfAbsent(scope, any -> new Slot()).token(scope);
    }

    @Override
    public void refused(String accessToken) {
        slots.values().forEach(slot -> slot.forget(accessToken));
    }

    private record Token(String value, Instant renewAt, Instant endsAt) {}

    /** The token of one set of scopes; the lock keeps it to one refresh at a time. */
    private final class Slot {

        private final ReentrantLock refreshing = new ReentrantLock();
        private volatile @Nullable Token current;

        String token(String scope) {
            var token = current;
            if (token != null && clock.instant().isBefore(token.renewAt())) {
                return token.value();
            }
            if (token != null && clock.instant().isBefore(token.endsAt()) && !refreshing.tryLock()) {
                // Another thread renews it; the old one is still good.
                return token.value();
            } else if (!refreshing.isHeldByCurrentThread()) {
                refreshing.lock();
            }
            try {
                return renewed(scope);
            } finally {
                refreshing.unlock();
            }
        }

        private String renewed(String scope) {
            var token = current;
            if (token != null && clock.instant().isBefore(token.renewAt())) {
                return token.value();
            }
            try {
                var fresh = fetch(scope);
                current = fresh;
                return fresh.value();
            } catch (TokenUnavailableException e) {
                if (token != null && clock.instant().isBefore(token.endsAt())) {
                    return token.value();
                }
                throw e;
            }
        }

        void forget(String accessToken) {
            var token = current;
            if (token != null && token.value().equals(accessToken)) {
                current = null;
            }
        }
    }

    private Token fetch(String scope) {
        var asked = clock.instant();
        var form = "grant_type=client_credentials" + (scope.isEmpty() ? "" : "&scope=" + formEncoded(scope));
        PlatformHttp.Answer answer;
        try {
            answer = http.post(
                    tokenUrl,
                    MediaType.APPLICATION_FORM_URLENCODED,
                    Map.of(HttpHeaders.AUTHORIZATION, authorization),
                    form.getBytes(StandardCharsets.UTF_8));
        } catch (RestClientException e) {
            throw new TokenUnavailableException("the platform did not answer at " + tokenUrl, e);
        }
        if (answer.status() != 200) {
            throw new TokenUnavailableException(
                    "the platform answered " + answer.status() + " at " + tokenUrl + reason(answer.body()), null);
        }
        return read(answer.body(), asked);
    }

    private Token read(byte[] body, Instant asked) {
        try {
            var tree = json.readTree(body);
            var value = tree.path("access_token").asString("");
            var life = tree.path("expires_in").asLong(0);
            if (value.isEmpty() || life <= 0) {
                throw new TokenUnavailableException(
                        "the answer of " + tokenUrl + " lacks access_token or expires_in", null);
            }
            return new Token(
                    value,
                    asked.plus(Duration.ofMillis((long) (life * 1000 * LIFE_BEFORE_RENEWAL))),
                    asked.plusSeconds(life));
        } catch (JacksonException e) {
            throw new TokenUnavailableException("the answer of " + tokenUrl + " is not JSON", null);
        }
    }

    private String reason(byte[] body) {
        try {
            var error = json.readTree(body).path("error").asString("");
            return error.isEmpty() ? "" : " (" + error + ")";
        } catch (JacksonException e) {
            return "";
        }
    }

    private static String formEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
