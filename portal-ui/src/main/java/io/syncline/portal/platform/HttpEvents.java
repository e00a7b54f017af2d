package io.syncline.portal.platform;

import io.syncline.portal.platform.PlatformException.Kind;
import io.syncline.tracing.TraceContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** The stream over HTTP; no thread waits for it. */
class HttpEvents implements Events {

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final HttpClient http;
    private final URI platformUrl;
    private final Duration answerTimeout;
    private final CurrentPerson current;

    HttpEvents(HttpClient http, PlatformProperties properties, CurrentPerson current) {
        this.http = http;
        this.platformUrl = properties.platformUrl();
        this.answerTimeout = properties.answerTimeout();
        this.current = current;
    }

    @Override
    public Flow.Publisher<List<ByteBuffer>> open(@Nullable String lastEventId) {
        var session = current.session();
        var token = session.accessToken();
        var answer = send(token, lastEventId);
        if (answer.statusCode() == UNAUTHORIZED) {
            drop(answer);
            answer = send(session.insteadOf(token), lastEventId);
        }
        if (answer.statusCode() == OK) {
            return answer.body();
        }
        drop(answer);
        if (answer.statusCode() == UNAUTHORIZED) {
            throw new SessionEndedException(null);
        }
        throw answer.statusCode() == FORBIDDEN
                ? PlatformException.of(Kind.FORBIDDEN, "Live updates need the scope runs:read.")
                : PlatformException.of(
                        Kind.UNAVAILABLE, "The platform answered %d to a listener.".formatted(answer.statusCode()));
    }

    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(String token, @Nullable String lastEventId) {
        // The time-out is for the head of the answer; its body has no end.
        var request = HttpRequest.newBuilder(platformUrl.resolve("/api/v1/events"))
                .timeout(answerTimeout)
                .header(HttpHeaders.AUTHORIZATION, "Bearer " + token)
                .header(HttpHeaders.ACCEPT, MediaType.TEXT_EVENT_STREAM_VALUE);
        if (lastEventId != null && lastEventId.matches("\\d{1,18}")) {
            request.header("Last-Event-ID", lastEventId);
        }
        TraceContext.headers(TraceContext.current().orElse(null)).forEach(request::header);
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofPublisher());
        } catch (IOException noAnswer) {
            throw new PlatformException(
                    Kind.UNAVAILABLE,
                    "The platform at %s does not answer.".formatted(platformUrl),
                    Problem.NONE,
                    noAnswer);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new PlatformException(Kind.UNAVAILABLE, "The portal stops.", Problem.NONE, stopped);
        }
    }

    /** A body that nobody takes would hold its connection. */
    private static void drop(HttpResponse<Flow.Publisher<List<ByteBuffer>>> answer) {
        answer.body().subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.cancel();
            }

            @Override
            public void onNext(List<ByteBuffer> none) {}

            @Override
            public void onError(Throwable none) {}

            @Override
            public void onComplete() {}
        });
    }
}
