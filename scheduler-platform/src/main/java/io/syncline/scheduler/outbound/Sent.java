package io.syncline.scheduler.outbound;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as it went out, with its secrets: it tells of itself by {@link #transcript} alone, where all of them are hidden.
 * The headers shown are those of a list; any other may hold anything.
 */
public final class Sent {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_HEADER = 1000;

    private static final Set<String> OF_REQUESTS =
            Set.of("accept", "content-type", "idempotency-key", "prefer", "traceparent", "tracestate", "user-agent");

    private static final Set<String> OF_ANSWERS = Set.of(
            "age",
            "allow",
            "cache-control",
            "content-encoding",
            "content-language",
            "content-length",
            "content-type",
            "date",
            "etag",
            "idempotency-key",
            "last-modified",
            "location",
            "ratelimit",
            "ratelimit-limit",
            "ratelimit-policy",
            "ratelimit-remaining",
            "ratelimit-reset",
            "retry-after",
            "server",
            "traceparent",
            "via",
            "www-authenticate",
            "x-correlation-id",
            "x-ratelimit-limit",
            "x-ratelimit-remaining",
            "x-ratelimit-reset",
            "x-request-id");

    private final HttpExchange.Request request;
    private final Proof proof;

    Sent(HttpExchange.Request request, Proof proof) {
        this.request = request;
        this.proof = proof;
    }

    /** What was sent and what came, as JSON; null headers and body: nothing came. */
    public String transcript(@Nullable Map<String, String> answerHeaders, byte @Nullable [] answerBody) {
        var secrets = new Secrets();
        var both = new LinkedHashMap<String, Object>();
        both.put("request", request(secrets));
        if (answerHeaders != null && answerBody != null) {
            var answer = new LinkedHashMap<String, Object>();
            answer.put("headers", answerHeaders(answerHeaders, secrets));
            answer.put("body", body(answerBody, secrets));
            both.put("answer", answer);
        }
        return JSON.writeValueAsString(both);
    }

    /** As {@link #transcript}, of a request that is not sent: no instance is chosen, and nothing proves the caller. */
    public static String planned(OutboundCall call) {
        var secrets = new Secrets();
        var headers = requestHeaders(call.headers(), Set.of(), secrets);
        var request = request(call.method(), secrets.address(call.path()), headers, call.body(), secrets);
        return JSON.writeValueAsString(Map.of("request", request));
    }

    /** A sentence that may repeat some of what was sent, without what is secret in that. */
    public String scrubbed(String sentence) {
        var secrets = new Secrets();
        request(secrets);
        return secrets.scrub(sentence);
    }

    private Map<String, Object> request(Secrets secrets) {
        var headers = requestHeaders(request.headers(), proof.headers().keySet(), secrets);
        var type = request.contentType();
        if (type != null) {
            headers.put("Content-Type", type.toString());
        }
        var url = request.target().toURI() + secrets.address(pathWithoutProof(secrets));
        return request(request.method(), url, headers, request.body(), secrets);
    }

    private static Map<String, Object> request(
            String method, String url, Map<String, String> headers, byte[] body, Secrets secrets) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("method", method);
        shown.put("url", url);
        shown.put("headers", headers);
        shown.put("body", body(body, secrets));
        return shown;
    }

    private static Map<String, String> requestHeaders(Map<String, String> sent, Set<String> proving, Secrets secrets) {
        var headers = new LinkedHashMap<String, String>();
        sent.forEach((name, value) -> {
            var known = name.toLowerCase(Locale.ROOT);
            if (proving.contains(name) || known.equals("authorization")) {
                learnPassword(value, secrets);
                headers.put(name, secrets.hideHeader(value));
            } else if (OF_REQUESTS.contains(known)) {
                headers.put(name, shown(value, secrets));
            }
        });
        return headers;
    }

    private String pathWithoutProof(Secrets secrets) {
        var query = proof.query();
        if (query == null) {
            return request.path();
        }
        int secret = query.indexOf('=') + 1;
        secrets.learn(URLDecoder.decode(query.substring(secret), StandardCharsets.UTF_8));
        return request.path().replace(query, query.substring(0, secret) + secrets.hide(query.substring(secret)));
    }

    private static void learnPassword(String header, Secrets secrets) {
        if (header.startsWith("Basic ")) {
            try {
                var pair = new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8);
                secrets.learn(pair);
                secrets.learn(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException noBase64) {
                // hidden as a whole
            }
        }
    }

    private static Map<String, String> answerHeaders(Map<String, String> headers, Secrets secrets) {
        var shown = new TreeMap<String, String>();
        headers.forEach((name, value) -> {
            if (OF_ANSWERS.contains(name)) {
                shown.put(name, name.equals("location") ? secrets.address(value) : shown(value, secrets));
            } else if (Secrets.isSecretName(name)) {
                shown.put(name, secrets.hideHeader(value));
            }
        });
        return shown;
    }

    private static String shown(String value, Secrets secrets) {
        var scrubbed = secrets.scrub(value);
        return scrubbed.length() <= LONGEST_HEADER ? scrubbed : scrubbed.substring(0, LONGEST_HEADER - 1) + "…";
    }

    private static Map<String, Object> body(byte[] body, Secrets secrets) {
        var masked = MaskedBody.of(body, secrets);
        var shown = new LinkedHashMap<String, Object>();
        if (masked.text() != null) {
            shown.put("text", masked.text());
        }
        shown.put("bytes", masked.bytes());
        shown.put("cut", masked.isCut());
        if (masked.sha256() != null) {
            shown.put("sha256", masked.sha256());
        }
        return shown;
    }

    @Override
    public String toString() {
        return request.toString();
    }
}
