package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientResponseException;

/** The access token of a client of the portal's own; fetched by client credentials and kept to 80 % of its life. */
class AccessTokens {

    private final RestClient http;
    private final Client client;
    private final Clock clock;
    private @Nullable Held held;

    AccessTokens(RestClient http, Client client, Clock clock) {
        this.http = http;
        this.client = client;
        this.clock = clock;
    }

    /**
     * A client at the platform.
     *
     * @param what it is for, in words
     * @param settings what its id and its secret are set by, in words
     * @param scope what its tokens are good for, whatever more it may; null: all that it may
     */
    record Client(
            @Nullable String id,
            @Nullable String secret,
            String what,
            String settings,
            @Nullable String scope) {

        boolean isSet() {
            return id != null && !id.isBlank() && secret != null && !secret.isBlank();
        }

        @Override
        public String toString() {
            return "Client[" + id + "]";
        }
    }

    /** A token that is good for a while; one caller fetches, the others wait for it. */
    synchronized String current() {
        var now = clock.instant();
        if (held == null || !now.isBefore(held.goodUntil)) {
            held = fetch(now);
        }
        return held.token;
    }

    /** Forgets {@code token}, if it is still the one held, because the platform refused it. */
    synchronized void refused(String token) {
        if (held != null && held.token.equals(token)) {
            held = null;
        }
    }

    private Held fetch(Instant now) {
        var id = client.id();
        var secret = client.secret();
        if (!client.isSet() || id == null || secret == null) {
            throw PlatformException.of(
                    Kind.NOT_CONNECTED,
                    "The portal has no client %s. Create one and set %s.".formatted(client.what(), client.settings()));
        }
        var form = new LinkedMultiValueMap<String, String>();
        form.add("grant_type", "client_credentials");
        if (client.scope() != null) {
            form.add("scope", client.scope());
        }
        TokenAnswer answer;
        try {
            answer = http.post()
                    .uri("/oauth2/token")
                    .headers(headers -> headers.setBasicAuth(encoded(id), encoded(secret)))
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                    .body(form)
                    .retrieve()
                    .body(TokenAnswer.class);
        } catch (RestClientResponseException refusal) {
            if (isRefusal(refusal.getStatusCode())) {
                throw new PlatformException(
                        Kind.NOT_CONNECTED,
                        "The platform refused the portal's client \"%s\" (%d). Check its secret%s."
                                .formatted(
                                        id,
                                        refusal.getStatusCode().value(),
                                        client.scope() == null ? "" : " and that it has the scope " + client.scope()),
                        Problem.NONE,
                        refusal);
            }
            throw refusal;
        }
        if (answer == null || answer.access_token == null) {
            throw PlatformException.of(Kind.UNREADABLE, "The platform's token answer holds no access_token.");
        }
        var life = Duration.ofSeconds(answer.expires_in == null ? 60 : answer.expires_in);
        return new Held(answer.access_token, now.plus(life.multipliedBy(8).dividedBy(10)));
    }

    private static boolean isRefusal(HttpStatusCode status) {
        return status.is4xxClientError() && status.value() != 408 && status.value() != 429;
    }

    /** RFC 6749 section 2.3.1: id and secret are form-encoded before they become basic credentials. */
    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private record Held(String token, Instant goodUntil) {}

    private record TokenAnswer(
            @Nullable String access_token, @Nullable Long expires_in) {}
}
