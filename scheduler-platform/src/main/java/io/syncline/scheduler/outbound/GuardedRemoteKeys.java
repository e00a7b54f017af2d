package io.syncline.scheduler.outbound;

import io.syncline.scheduler.security.RemoteKeys;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Fetches others' public keys as everything leaves. */
final class GuardedRemoteKeys implements RemoteKeys {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 256 * 1024;

    private final GuardedRequests requests;

    GuardedRemoteKeys(GuardedRequests requests) {
        this.requests = requests;
    }

    @Override
    public byte[] fetch(URI address) throws IOException {
        Reply reply = requests.send(
                        GuardedRequests.Request.get(address, Map.of("Accept", "application/json"), TIMEOUT, MOST_BYTES))
                .join();
        if (reply instanceof Reply.Answer answer) {
            if (answer.status() == 200) {
                return answer.body();
            }
            throw new IOException(answer.instance() + " answered " + answer.status() + " where keys should be"
                    + (answer.status() / 100 == 3 ? "; redirects are not followed" : ""));
        }
        throw new IOException(((Reply.NoAnswer) reply).cause());
    }
}
