package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.Sink;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;

/** A downstream that completes each call and keeps when the call of each message came. */
final class Arrivals implements Sink.Downstream {

    private final ConcurrentHashMap<String, Long> nanos = new ConcurrentHashMap<>();

    @Override
    public byte[] answer(String path, byte[] body) {
        long now = System.nanoTime();
        var call = new String(body, StandardCharsets.UTF_8);
        int begin = call.indexOf("\"id\":\"", call.indexOf("\"trigger\":")) + 6;
        nanos.putIfAbsent(call.substring(begin, call.indexOf('"', begin)), now);
        return Sink.COMPLETED;
    }

    /** By this JVM's clock; 0: no call has come. */
    long of(String message) {
        return nanos.getOrDefault(message, 0L);
    }

    int count() {
        return nanos.size();
    }
}
