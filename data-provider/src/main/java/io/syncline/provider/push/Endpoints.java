package io.syncline.provider.push;

import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Calls to endpoints: past the guard, without redirects, proxies, cookies or repetition, and over at the time-out. */
@Component
class Endpoints implements DisposableBean {

    private final EndpointGuard guard;
    private final Duration timeout;
    private final CloseableHttpClient http;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "push-timeout");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param status 0: there was none
     * @param said what happened, for people
     * @param retryAfter as the endpoint wrote it
     */
    record Answer(int status, String said, @Nullable String retryAfter) {

        @Nullable
        Duration wait(Instant now) {
            if (retryAfter == null) {
                return null;
            }
            var text = retryAfter.strip();
            if (text.matches("[0-9]{1,9}")) {
                return Duration.ofSeconds(Long.parseLong(text));
            }
            try {
                var until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                return until.isAfter(now) ? Duration.between(now, until) : null;
            } catch (DateTimeParseException unreadable) {
                return null;
            }
        }
    }

    Endpoints(EndpointGuard guard, PushProperties properties) {
        this.guard = guard;
        this.timeout = properties.timeout();
        var limit = Timeout.of(timeout);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(guard)
                .setMaxConnTotal(properties.concurrency() * 2)
                .setMaxConnPerRoute(properties.concurrency())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(limit)
                        .setSocketTimeout(limit)
                        .setValidateAfterInactivity(Timeout.ofSeconds(1))
                        .setTimeToLive(Timeout.ofMinutes(1))
                        .build())
                .build();
        this.http = HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(limit)
                        .setResponseTimeout(limit)
                        .setRedirectsEnabled(false)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }

    Answer post(URI endpoint, Map<String, String> headers, byte[] body) {
        try {
            guard.check(endpoint);
        } catch (UnknownHostException refused) {
            return new Answer(0, "the endpoint cannot be called: " + refused.getMessage(), null);
        }
        var request = new HttpPost(endpoint);
        headers.forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(body, null));
        var over = watch.schedule(request::cancel, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return http.execute(request, Endpoints::answer);
        } catch (IOException | RuntimeException failure) {
            return new Answer(
                    0,
                    request.isCancelled()
                            ? "no complete answer within " + timeout
                            : "no answer: " + failure.getClass().getSimpleName() + ": " + failure.getMessage(),
                    null);
        } finally {
            over.cancel(false);
        }
    }

    /** What the endpoint says beside the status is none of our business and is thrown away by the client. */
    private static Answer answer(ClassicHttpResponse response) {
        var retryAfter = response.getFirstHeader("Retry-After");
        return new Answer(
                response.getCode(),
                "the endpoint answered " + response.getCode(),
                retryAfter == null ? null : retryAfter.getValue());
    }

    @Override
    public void destroy() throws IOException {
        watch.shutdownNow();
        http.close();
    }
}
