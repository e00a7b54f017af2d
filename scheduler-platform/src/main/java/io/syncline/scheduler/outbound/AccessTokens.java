package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.Credential;
import io.syncline.scheduler.catalog.Documents;
import io.syncline.scheduler.catalog.Origins;
import io.syncline.scheduler.security.ClientAssertions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The access token of one client at one foreign token endpoint (RFC 6749 section 4.4): used for 80 % of its life, one request
 * for a new one at a time, for which everybody waits, and after a failed one none for five seconds.
 */
final class AccessTokens implements ProofSource {

    private static final Duration LIFE_UNTOLD = Duration.ofSeconds(60);
    private static final Duration MOST_LIFE = Duration.ofHours(24);
    private static final long FAILED_NANOS = Duration.ofSeconds(5).toNanos();
    private static final int MOST_ANSWER_BYTES = 64 * 1024;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]{1,16384}");

    /** The only words of an answer that may be repeated (RFC 6749 section 5.2). */
    private static final Set<String> KNOWN_ERRORS = Set.of(
            "invalid_request",
            "invalid_client",
            "invalid_grant",
            "unauthorized_client",
            "unsupported_grant_type",
            "invalid_scope");

    private record Token(CompletableFuture<Proof> proof, long gotAtNanos, long usableNanos) {}

    private record Failed(CompletableFuture<Proof> proof, long atNanos) {}

    private final Credential.OAuth2 credential;
    private final ClientAssertions assertions;
    private final GuardedRequests requests;
    private final HttpCalls connections;
    private final Duration timeout;
    private final LongSupplier nanos;

    private volatile @Nullable Token token;
    private @Nullable CompletableFuture<Proof> underWay;
    private @Nullable Failed failed;

    AccessTokens(
            Credential.OAuth2 credential,
            ClientAssertions assertions,
            GuardedRequests requests,
            HttpCalls connections,
            Duration timeout,
            LongSupplier nanos) {
        this.credential = credential;
        this.assertions = assertions;
        this.requests = requests;
        this.connections = connections;
        this.timeout = timeout;
        this.nanos = nanos;
    }

    @Override
    public CompletableFuture<Proof> proof() {
        CompletableFuture<Proof> usable = usable(token);
        if (usable != null) {
            return usable;
        }
        CompletableFuture<Proof> mine = new CompletableFuture<>();
        synchronized (this) {
            usable = usable(token);
            if (usable != null) {
                return usable;
            }
            if (underWay != null) {
                return underWay;
            }
            if (failed != null && nanos.getAsLong() - failed.atNanos() < FAILED_NANOS) {
                return failed.proof();
            }
            underWay = mine;
        }
        fetch(mine);
        return mine;
    }

    /** How much longer the present token is used; zero when there is none. */
    Duration usableFor() {
        Token now = token;
        return now == null
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, now.usableNanos() - (nanos.getAsLong() - now.gotAtNanos())));
    }

    private @Nullable CompletableFuture<Proof> usable(@Nullable Token known) {
        return known != null && nanos.getAsLong() - known.gotAtNanos() < known.usableNanos() ? known.proof() : null;
    }

    private void fetch(CompletableFuture<Proof> mine) {
        long askedAt = nanos.getAsLong();
        CompletableFuture<Reply> answered;
        try {
            answered = requests.send(request());
        } catch (RuntimeException e) {
            failed(mine, NoProofException.failed("the request for a token could not be made"));
            return;
        }
        answered.whenComplete((reply, failure) -> {
            try {
                got(mine, askedAt, reply);
            } catch (NoProofException e) {
                failed(mine, e);
            } catch (RuntimeException e) {
                failed(mine, NoProofException.failed("the answer of " + where() + " could not be taken"));
            }
        });
    }

    private void got(CompletableFuture<Proof> mine, long askedAt, Reply reply) throws NoProofException {
        if (!(reply instanceof Reply.Answer answer)) {
            throw NoProofException.failed("no token: " + ((Reply.NoAnswer) reply).cause());
        }
        JsonNode body = json(answer.body());
        if (answer.status() != 200) {
            throw refusal(answer.status(), body);
        }
        String text = body == null ? "" : body.path("access_token").asString("");
        String type = body == null ? "" : body.path("token_type").asString("");
        if (!TOKEN.matcher(text).matches() || !type.equalsIgnoreCase("Bearer")) {
            throw NoProofException.failed(where() + " answered 200 without a bearer token that can be read");
        }
        Duration life = life(body == null ? null : body.get("expires_in"));
        Map<String, String> headers = Map.of("Authorization", "Bearer " + text);
        Proof proof = new Proof(headers, null, connections, () -> forget(mine));
        synchronized (this) {
            token = new Token(mine, askedAt, life.toNanos() / 5 * 4);
            underWay = null;
            failed = null;
        }
        mine.complete(proof);
    }

    private Duration life(@Nullable JsonNode expiresIn) throws NoProofException {
        if (expiresIn == null || expiresIn.isNull()) {
            return LIFE_UNTOLD;
        }
        if (!expiresIn.isIntegralNumber() || !expiresIn.canConvertToLong() || expiresIn.longValue() <= 0) {
            throw NoProofException.failed(where() + " answered with an expires_in that is no number of seconds");
        }
        return Duration.ofSeconds(Math.min(expiresIn.longValue(), MOST_LIFE.toSeconds()));
    }

    private NoProofException refusal(int status, @Nullable JsonNode body) {
        String error = body == null ? "" : body.path("error").asString("");
        String told = KNOWN_ERRORS.contains(error) ? " (" + error + ")" : "";
        if (status == 401 || error.equals("invalid_client")) {
            return NoProofException.refused(where() + " refused the client with " + status + told
                    + "; check clientId and secret, and rotate the credential");
        }
        if (status / 100 == 3) {
            return NoProofException.failed(
                    where() + " answered " + status + "; redirects are not followed, correct the tokenUrl");
        }
        return NoProofException.failed(where() + " gave no token: it answered " + status + told);
    }

    private void failed(CompletableFuture<Proof> mine, NoProofException why) {
        synchronized (this) {
            underWay = null;
            failed = new Failed(mine, nanos.getAsLong());
        }
        mine.completeExceptionally(why);
    }

    /** Only the token that was refused; a newer one stays. */
    private synchronized void forget(CompletableFuture<Proof> refused) {
        Token now = token;
        if (now != null && now.proof() == refused) {
            token = null;
        }
    }

    private String where() {
        return "the token endpoint at " + Origins.of(credential.tokenUrl());
    }

    private GuardedRequests.Request request() {
        Map<String, String> form = new LinkedHashMap<>();
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        form.put("grant_type", "client_credentials");
        if (credential.scope() != null) {
            form.put("scope", credential.scope());
        }
        if (credential.audience() != null) {
            form.put("audience", credential.audience());
        }
        if (credential.privateKey() != null) {
            form.put("client_id", credential.clientId());
            form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.put(
                    "client_assertion",
                    assertions.sign(
                            ClientAssertions.read(credential.privateKey(), credential.algorithm(), credential.kid()),
                            credential.clientId(),
                            credential.tokenUrl().toString()));
        } else {
            // each part form-encoded before they are joined: RFC 6749 section 2.3.1
            String pair = encoded(credential.clientId()) + ":" + encoded(String.valueOf(credential.clientSecret()));
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        String body = form.entrySet().stream()
                .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return new GuardedRequests.Request(
                "POST",
                credential.tokenUrl(),
                headers,
                "application/x-www-form-urlencoded",
                body.getBytes(StandardCharsets.UTF_8),
                timeout,
                MOST_ANSWER_BYTES);
    }

    private static @Nullable JsonNode json(byte[] body) {
        try {
            return Documents.json(body);
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
