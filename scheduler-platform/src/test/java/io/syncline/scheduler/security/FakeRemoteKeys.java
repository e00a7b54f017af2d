package io.syncline.scheduler.security;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Documents at addresses, without a network. */
final class FakeRemoteKeys implements RemoteKeys {

    private static final JsonMapper JSON = new JsonMapper();

    final AtomicInteger fetches = new AtomicInteger();
    private final Map<URI, byte[]> documents = new ConcurrentHashMap<>();
    volatile @Nullable CountDownLatch slow;

    void publish(String address, Object... keys) {
        documents.put(
                URI.create(address),
                JSON.writeValueAsString(Map.of("keys", keys)).getBytes(StandardCharsets.UTF_8));
    }

    void fail(String address) {
        documents.remove(URI.create(address));
    }

    @Override
    public byte[] fetch(URI address) throws IOException {
        fetches.incrementAndGet();
        var latch = slow;
        if (latch != null) {
            try {
                latch.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        var document = documents.get(address);
        if (document == null) {
            throw new IOException("the address is not approved: " + address);
        }
        return document;
    }
}
