package io.syncline.scheduler.outbound;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Single requests to any approved address: past the same guard and over the same connections as the calls to downstreams,
 * without redirects. Each ends within its time limit, look-up and connection included.
 */
final class GuardedRequests {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedRequests.class);

    /**
     * @param contentType of the body; null: there is no body
     * @param timeout from the start to the end of the answer
     */
    record Request(
            String method,
            URI url,
            Map<String, String> headers,
            @Nullable String contentType,
            byte[] body,
            Duration timeout,
            int mostAnswerBytes) {

        static Request get(URI url, Map<String, String> headers, Duration timeout, int mostAnswerBytes) {
            return new Request("GET", url, headers, null, new byte[0], timeout, mostAnswerBytes);
        }

        @Override
        public String toString() {
            return method + " " + url.getHost();
        }
    }

    private final DestinationGuard guard;
    private final HttpCalls http;
    private final Executor lookUps;

    GuardedRequests(DestinationGuard guard, HttpCalls http, Executor lookUps) {
        this.guard = guard;
        this.http = http;
        this.lookUps = lookUps;
    }

    /** Always completes with a reply, never with an exception; on an I/O thread, what hangs on it must not block. */
    CompletableFuture<Reply> send(Request request) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        long startedAt = System.nanoTime();
        DestinationGuard.Origin origin = DestinationGuard.origin(request.url()).orElse(null);
        if (origin == null || !guard.callable(origin)) {
            String name = origin == null ? "of this address" : origin.toString();
            reply.complete(new Reply.NoAnswer("the destination " + name + " is not approved", null, Duration.ZERO));
            return reply;
        }
        ScheduledFuture<?> tooLate = http.later(
                request.timeout(),
                () -> reply.complete(new Reply.NoAnswer(
                        "no complete answer from " + origin + " within " + request.timeout(),
                        origin.toString(),
                        request.timeout())));
        reply.whenComplete((any, failure) -> tooLate.cancel(false));
        if (DestinationGuard.isLiteral(origin)) {
            resolveAndSend(origin, request, startedAt, reply);
        } else {
            try {
                lookUps.execute(() -> resolveAndSend(origin, request, startedAt, reply));
            } catch (RejectedExecutionException e) {
                reply.complete(new Reply.NoAnswer(
                        "too many look-ups wait already for one of " + origin, origin.toString(), Duration.ZERO));
            }
        }
        return reply;
    }

    private void resolveAndSend(
            DestinationGuard.Origin origin, Request request, long startedAt, CompletableFuture<Reply> reply) {
        try {
            InetAddress address = guard.resolve(origin);
            if (reply.isDone()) {
                return;
            }
            String path = request.url().getRawPath();
            String query = request.url().getRawQuery();
            http.send(
                    new HttpExchange.Request(
                            request.method(),
                            new HttpHost(origin.scheme(), address, origin.host(), origin.port()),
                            (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query),
                            request.headers(),
                            request.contentType() == null ? null : ContentType.parse(request.contentType()),
                            request.body(),
                            request.timeout(),
                            request.mostAnswerBytes()),
                    new End(origin.toString(), startedAt, reply));
        } catch (RefusedDestinationException e) {
            reply.complete(new Reply.NoAnswer(String.valueOf(e.getMessage()), origin.toString(), took(startedAt)));
        } catch (RuntimeException e) {
            LOG.error("The request to {} could not be started", origin, e);
            reply.complete(new Reply.NoAnswer("the request could not be started", origin.toString(), took(startedAt)));
        }
    }

    private static Duration took(long startedAt) {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    record End(String origin, long startedAt, CompletableFuture<Reply> reply) implements HttpExchange.End {

        @Override
        public void answered(int status, Map<String, String> headers, byte[] body) {
            reply.complete(new Reply.Answer(status, headers, body, origin, GuardedRequests.took(startedAt)));
        }

        @Override
        public void failed(HttpExchange.Failure failure, String cause) {
            reply.complete(new Reply.NoAnswer(cause, origin, GuardedRequests.took(startedAt)));
        }
    }
}
