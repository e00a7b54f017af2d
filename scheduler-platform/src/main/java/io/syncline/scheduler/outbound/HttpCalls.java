package io.syncline.scheduler.outbound;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.async.MinimalHttpAsyncClient;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.ssl.TLS;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections: HTTP/1.1 alone, no redirects, no cookies, no proxies, a few I/O threads for all calls. */
final class HttpCalls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpCalls.class);
    private static final int MOST_HEADERS = 100;
    private static final int LONGEST_HEADER_LINE = 8_192;

    private final OutboundProperties properties;
    private final PoolingAsyncClientConnectionManager connections;
    private final MinimalHttpAsyncClient client;
    private final ScheduledThreadPoolExecutor timer;

    HttpCalls(OutboundProperties properties) {
        this(properties, null, properties.ioThreadCount());
    }

    /** @param tls the keys and authorities of these connections; null: those of the Java runtime */
    HttpCalls(OutboundProperties properties, @Nullable SSLContext tls, int ioThreads) {
        this.properties = properties;
        ClientTlsStrategyBuilder strategy = ClientTlsStrategyBuilder.create().setTlsVersions(TLS.V_1_3, TLS.V_1_2);
        if (tls != null) {
            strategy.setSslContext(tls);
        }
        this.connections = PoolingAsyncClientConnectionManagerBuilder.create()
                .setTlsStrategy(strategy.buildAsync())
                .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                // more than can ever be reserved: a call never waits for a connection
                .setMaxConnPerRoute(properties.maxInFlight() * 2)
                .setMaxConnTotal(properties.maxInFlight() * 4)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(properties.connectTimeout()))
                        .build())
                .setDefaultTlsConfig(TlsConfig.custom()
                        .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1)
                        .setHandshakeTimeout(Timeout.of(properties.connectTimeout()))
                        .build())
                .build();
        this.client = HttpAsyncClients.createMinimal(
                H2Config.DEFAULT,
                Http1Config.custom()
                        .setMaxHeaderCount(MOST_HEADERS)
                        .setMaxLineLength(LONGEST_HEADER_LINE)
                        .build(),
                IOReactorConfig.custom()
                        .setIoThreadCount(ioThreads)
                        .setTcpNoDelay(true)
                        .setSoKeepAlive(true)
                        .setSelectInterval(TimeValue.ofMilliseconds(100))
                        .build(),
                connections);
        this.timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = Executors.defaultThreadFactory().newThread(task);
            thread.setName("outbound-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        client.start();
        long every = Math.max(1, properties.idleTimeout().toMillis() / 3);
        timer.scheduleWithFixedDelay(this::closeIdle, every, every, TimeUnit.MILLISECONDS);
    }

    void send(HttpExchange.Request request, HttpExchange.End end) {
        new HttpExchange(client, this, request, end).start();
    }

    ScheduledFuture<?> later(Duration delay, Runnable task) {
        return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    Duration connectTimeout() {
        return properties.connectTimeout();
    }

    int maxAnswerBytes() {
        return properties.maxAnswerBytes();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        client.close(CloseMode.GRACEFUL);
    }

    private void closeIdle() {
        try {
            connections.closeIdle(TimeValue.of(properties.idleTimeout()));
            connections.closeExpired();
        } catch (RuntimeException e) {
            LOG.warn("Unused connections could not be closed; tried again later", e);
        }
    }
}
