package io.syncline.systemtests.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.IntSupplier;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;

/** One POST of about the size of a sync call, made by a worker thread that waits for its answer. */
final class Post {

    private static final String BODY = "{\"task\":\"post\",\"pad\":\"" + "x".repeat(600) + "\"}";
    private static final int MOST_CONNECTIONS = 256;
    private static final int OK = 200;

    private final IntSupplier status;

    Post(PostClient client, URI sink) {
        status = client == PostClient.JDK ? jdk(sink) : apache(sink);
    }

    void send() {
        int answered = status.getAsInt();
        if (answered != OK) {
            throw new IllegalStateException("the sink answered " + answered);
        }
    }

    private static IntSupplier jdk(URI sink) {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(sink)
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build();
        return () -> {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        };
    }

    private static IntSupplier apache(URI sink) {
        var client = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(MOST_CONNECTIONS)
                        .setMaxConnTotal(MOST_CONNECTIONS)
                        .setDefaultTlsConfig(TlsConfig.custom()
                                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                                .build())
                        .build())
                .setIOReactorConfig(IOReactorConfig.custom().setTcpNoDelay(true).build())
                .disableCookieManagement()
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .build();
        client.start();
        SimpleHttpRequest request = SimpleRequestBuilder.post(sink)
                .setBody(BODY, ContentType.APPLICATION_JSON)
                .build();
        return () -> {
            try {
                return client.execute(request, null).get().getCode();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        };
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
