package io.syncline.scheduler.outbound;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncClientEndpoint;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on a leased connection. Whatever happens, {@link End} hears of it exactly once, from an I/O or
 * the timer thread. The call's time-out runs from the moment the connection stands.
 */
final class HttpExchange implements FutureCallback<AsyncClientEndpoint>, AsyncClientExchangeHandler {

    /** Why there is no answer, as far as it tells something about the instance. */
    enum Failure {
        /** Refused, reset, closed or silent. */
        UNREACHABLE,
        /** The TLS connection was not agreed on; the reason may be our certificate as well as theirs. */
        TLS,
        /** It answered, but not with what we can take. */
        BROKEN_ANSWER
    }

    /** Who hears of the end. */
    interface End {
        void answered(int status, Map<String, String> headers, byte[] body);

        void failed(Failure failure, String cause);
    }

    /**
     * The request as it is sent.
     *
     * @param path may hold a secret in its query
     * @param contentType of the body; null: there is no body
     * @param callTimeout from the moment the connection stands to the end of the answer
     * @param mostAnswerBytes an answer is cut off beyond this, after decompression
     */
    record Request(
            String method,
            HttpHost target,
            String path,
            Map<String, String> headers,
            @Nullable ContentType contentType,
            byte[] body,
            Duration callTimeout,
            int mostAnswerBytes) {

        @Override
        public String toString() {
            return method + " " + target.toURI();
        }
    }

    private static final class AnswerTooLargeException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Without a charset: JSON has none. */
    static final ContentType JSON = ContentType.create("application/json");

    private final MinimalHttpAsyncClient client;
    private final HttpCalls calls;
    private final Request request;
    private final End end;
    private final long startedAtNanos = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ByteBuffer unsent;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(512);
    private final Object endpointLock = new Object();

    private @Nullable AsyncClientEndpoint endpoint;
    private volatile @Nullable ScheduledFuture<?> timer;
    private volatile long connectedAtNanos;
    private volatile boolean connected;
    private @Nullable HttpResponse response;
    private boolean repeated;

    HttpExchange(MinimalHttpAsyncClient client, HttpCalls calls, Request request, End end) {
        this.client = client;
        this.calls = calls;
        this.request = request;
        this.end = end;
        this.unsent = ByteBuffer.wrap(request.body());
    }

    void start() {
        timer = calls.later(request.callTimeout(), this::checkTime);
        lease();
    }

    private void lease() {
        try {
            client.lease(request.target(), this);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** The connection stands. */
    @Override
    public void completed(AsyncClientEndpoint leased) {
        synchronized (endpointLock) {
            endpoint = leased;
        }
        connectedAtNanos = System.nanoTime();
        connected = true;
        if (ended.get()) {
            discard();
            return;
        }
        try {
            leased.execute(this, null);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /** No connection, or the exchange broke. */
    @Override
    public void failed(Exception cause) {
        fail(cause);
    }

    @Override
    public void cancelled() {
        fail(new ConnectionClosedException());
    }

    @Override
    public void cancel() {
        fail(new ConnectionClosedException());
    }

    /** One timer per call: it fires after the call's time-out and is set again for what is left. */
    private void checkTime() {
        if (ended.get()) {
            return;
        }
        long now = System.nanoTime();
        if (!connected) {
            // connect and handshake have limits of their own; this one is for when they fail to hold
            Duration limit = calls.connectTimeout().multipliedBy(2).plusSeconds(1);
            long left = limit.toNanos() - (now - startedAtNanos);
            if (left <= 0) {
                finishWithoutAnswer(Failure.UNREACHABLE, "no connection within " + limit);
            } else {
                timer = calls.later(
                        Duration.ofNanos(Math.min(left, request.callTimeout().toNanos())), this::checkTime);
            }
            return;
        }
        long left = request.callTimeout().toNanos() - (now - connectedAtNanos);
        if (left > 0) {
            timer = calls.later(Duration.ofNanos(left), this::checkTime);
        } else {
            finishWithoutAnswer(
                    Failure.UNREACHABLE,
                    "no complete answer from " + request.target().toURI() + " within " + request.callTimeout());
        }
    }

    @Override
    public void produceRequest(RequestChannel channel, HttpContext context) throws HttpException, IOException {
        var message = new BasicHttpRequest(request.method(), request.target(), request.path());
        message.setHeader("User-Agent", "Syncline");
        request.headers().forEach(message::setHeader);
        ContentType type = request.contentType();
        @Nullable EntityDetails body = type == null ? null : new BasicEntityDetails(request.body().length, type);
        channel.sendRequest(message, body, context);
    }

    @Override
    public int available() {
        return unsent.remaining();
    }

    @Override
    public void produce(DataStreamChannel channel) throws IOException {
        if (unsent.hasRemaining()) {
            channel.write(unsent);
        }
        if (!unsent.hasRemaining()) {
            channel.endStream();
        }
    }

    @Override
    public void consumeInformation(HttpResponse information, HttpContext context) {
        // 1xx says nothing about the work
    }

    @Override
    public void consumeResponse(HttpResponse head, @Nullable EntityDetails details, HttpContext context)
            throws HttpException, IOException {
        response = head;
        if (details == null) {
            complete(head);
        } else if (details.getContentLength() > request.mostAnswerBytes()) {
            throw new AnswerTooLargeException();
        }
    }

    @Override
    public void updateCapacity(CapacityChannel channel) throws IOException {
        channel.update(Integer.MAX_VALUE);
    }

    @Override
    public void consume(ByteBuffer bytes) throws IOException {
        if (answer.size() + bytes.remaining() > request.mostAnswerBytes()) {
            throw new AnswerTooLargeException();
        }
        if (bytes.hasArray()) {
            answer.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            answer.writeBytes(copy);
        }
    }

    @Override
    public void streamEnd(@Nullable List<? extends Header> trailers) {
        HttpResponse head = response;
        if (head != null) {
            complete(head);
        }
    }

    @Override
    public void releaseResources() {
        // the connection is given back where the exchange ends
    }

    private void complete(HttpResponse head) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        stopTimer();
        try {
            deliver(head);
        } catch (RuntimeException | Error e) {
            // Heard of twice is heard of once; not heard of at all would cost a slot for ever.
            end.failed(
                    Failure.BROKEN_ANSWER, "the answer of " + request.target().toURI() + " could not be taken");
            throw e;
        }
    }

    private void deliver(HttpResponse head) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : head.getHeaders()) {
            String value = header.getValue() == null ? "" : header.getValue();
            headers.merge(header.getName().toLowerCase(Locale.ROOT), value, (one, other) -> one + ", " + other);
        }
        boolean keepAlive = !"close".equalsIgnoreCase(headers.get("connection"))
                && (head.getVersion() == null || head.getVersion().greaterEquals(HttpVersion.HTTP_1_1));
        if (keepAlive) {
            AsyncClientEndpoint leased = takeEndpoint();
            if (leased != null) {
                leased.releaseAndReuse();
            }
        } else {
            discard();
        }
        byte[] body = answer.toByteArray();
        if ("gzip".equalsIgnoreCase(headers.get("content-encoding"))) {
            byte[] plain = Gzip.unpack(body, request.mostAnswerBytes());
            if (plain == null) {
                end.failed(
                        Failure.BROKEN_ANSWER,
                        "the compressed answer is broken or larger than " + request.mostAnswerBytes() + " bytes");
                return;
            }
            body = plain;
        }
        end.answered(head.getCode(), headers, body);
    }

    private void fail(Exception cause) {
        // a kept connection that the other side closed before a byte of this request left: nothing has happened yet
        if (cause instanceof RequestNotExecutedException && !repeated && !ended.get()) {
            repeated = true;
            discard();
            connected = false;
            unsent.rewind();
            lease();
            return;
        }
        finishWithoutAnswer(failure(cause), describe(cause));
    }

    private static Failure failure(Exception cause) {
        if (cause instanceof AnswerTooLargeException || cause instanceof HttpException) {
            return Failure.BROKEN_ANSWER;
        }
        return cause instanceof SSLException ? Failure.TLS : Failure.UNREACHABLE;
    }

    private void finishWithoutAnswer(Failure failure, String cause) {
        if (ended.compareAndSet(false, true)) {
            stopTimer();
            try {
                discard();
            } finally {
                end.failed(failure, cause);
            }
        }
    }

    private void stopTimer() {
        ScheduledFuture<?> set = timer;
        if (set != null) {
            set.cancel(false);
        }
    }

    private void discard() {
        AsyncClientEndpoint leased = takeEndpoint();
        if (leased != null) {
            leased.releaseAndDiscard();
        }
    }

    private @Nullable AsyncClientEndpoint takeEndpoint() {
        synchronized (endpointLock) {
            AsyncClientEndpoint leased = endpoint;
            endpoint = null;
            return leased;
        }
    }

    /** Our own words: an exception's message may repeat what the other side has sent. */
    private String describe(Exception cause) {
        String target = request.target().toURI();
        if (cause instanceof AnswerTooLargeException) {
            return "the answer of " + target + " is larger than " + request.mostAnswerBytes() + " bytes";
        }
        if (cause instanceof ConnectTimeoutException || cause instanceof SocketTimeoutException) {
            return connected
                    ? "no answer from " + target
                    : "no connection to " + target + " within " + calls.connectTimeout();
        }
        if (cause instanceof UnknownHostException) {
            return "the host of " + target + " is unknown";
        }
        if (cause instanceof SSLException) {
            return "no trusted TLS connection to " + target;
        }
        if (!connected) {
            return "no connection to " + target + ": refused or unreachable";
        }
        if (cause instanceof SocketException) {
            return "the connection to " + target + " was reset";
        }
        if (cause instanceof HttpException) {
            return "the answer of " + target + " is not HTTP/1.1";
        }
        return "the connection to " + target + " was closed before the answer was complete";
    }
}
