package io.syncline.scheduler.outbound;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Single posts to any approved address, past the guard that all calls pass; no limits, breakers or choice of instance. */
public final class Posts {

    private static final int MOST_ANSWER_BYTES = 64 * 1024;

    private final GuardedRequests requests;

    Posts(GuardedRequests requests) {
        this.requests = requests;
    }

    /** Waits for the end of the answer or of the time-out; never throws for what the other side does. */
    public Reply post(URI url, Map<String, String> headers, String contentType, byte[] body, Duration timeout) {
        return requests.send(new GuardedRequests.Request(
                        "POST", url, headers, contentType, body, timeout, MOST_ANSWER_BYTES))
                .join();
    }
}
