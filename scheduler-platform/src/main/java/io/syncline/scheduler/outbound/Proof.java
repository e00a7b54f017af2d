package io.syncline.scheduler.outbound;

import java.util.Map;
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

    @Override
    public String toString() {
        return "Proof" + headers.keySet();
    }
}
