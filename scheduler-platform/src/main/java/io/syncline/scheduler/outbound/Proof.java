package io.syncline.scheduler.outbound;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one request carries to prove who sends it.
 *
 * @param headers added to the request's
 * @param query added to its query; null: nothing
 * @param connections over which it goes; those of a client certificate belong to its credential alone
 * @param refused to be run when the other side answers 401 to it
 */
record Proof(Map<String, String> headers, @Nullable String query, HttpCalls connections, Runnable refused) {

    private static final String BLOT = "****";
    private static final Runnable NOTHING = () -> {};

    static Proof ofHeader(String name, String text, HttpCalls connections) {
        return new Proof(Map.of(name, text), null, connections, NOTHING);
    }

    static Proof ofQuery(String query, HttpCalls connections) {
        return new Proof(Map.of(), query, connections, NOTHING);
    }

    static Proof ofConnections(HttpCalls connections) {
        return new Proof(Map.of(), null, connections, NOTHING);
    }

    /** The path of a request with what the query adds to it. */
    String on(String path) {
        return query == null ? path : path + (path.indexOf('?') < 0 ? "?" : "&") + query;
    }

    /** The answer without what this proof consists of, wherever the other side has repeated it. */
    Reply.Answer blotOut(Reply.Answer answer) {
        Set<String> secrets = secrets();
        Map<String, String> clean = new LinkedHashMap<>();
        answer.headers().forEach((name, text) -> clean.put(name, blotOut(text, secrets)));
        byte[] body = blotOut(new String(answer.body(), StandardCharsets.ISO_8859_1), secrets)
                .getBytes(StandardCharsets.ISO_8859_1);
        return new Reply.Answer(answer.status(), clean, body, answer.instance(), answer.took(), answer.sent());
    }

    /** Each header's text, the part behind its scheme, and for basic authentication the password in it. */
    private Set<String> secrets() {
        Set<String> secrets = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (String text : headers.values()) {
            secrets.add(text);
            String credentials = text.substring(text.indexOf(' ') + 1);
            secrets.add(credentials);
            if (text.startsWith("Basic ")) {
                String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
                secrets.add(pair.substring(pair.indexOf(':') + 1));
            }
        }
        if (query != null) {
            secrets.add(query.substring(query.indexOf('=') + 1));
        }
        secrets.removeIf(String::isEmpty);
        return secrets;
    }

    private static String blotOut(String text, Set<String> secrets) {
        String clean = text;
        for (String secret : secrets) {
            clean = clean.replace(secret, BLOT);
        }
        return clean;
    }

    @Override
    public String toString() {
        return "Proof" + headers.keySet();
    }
}
