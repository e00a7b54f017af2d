package io.syncline.scheduler.outbound;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.scheduler.catalog.CredentialUse;
import io.syncline.scheduler.catalog.Credentials;
import io.syncline.scheduler.catalog.Systems;
import io.syncline.scheduler.security.ClientAssertions;
import io.syncline.scheduler.security.LogContext;
import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.store.Nodes;
import io.syncline.scheduler.store.SteadyClock;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the parts of this room together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DestinationsProperties.class, OutboundProperties.class})
class OutboundConfiguration {

    private static final int LOOK_UP_THREADS = 4;
    private static final int TEST_THREADS = 16;
    private static final int MOST_WAITING_LOOK_UPS = 10_000;

    @Bean
    DestinationGuard destinationGuard(Destinations destinations) {
        return new DestinationGuard(destinations::approved, InetAddress::getAllByName);
    }

    @Bean
    HttpCalls httpCalls(OutboundProperties properties) {
        return new HttpCalls(properties);
    }

    @Bean
    GuardedRequests guardedRequests(
            DestinationGuard guard, HttpCalls http, @Qualifier("outboundLookUps") ExecutorService outboundLookUps) {
        return new GuardedRequests(guard, http, outboundLookUps);
    }

    @Bean
    Posts posts(GuardedRequests requests) {
        return new Posts(requests);
    }

    @Bean
    MailServers mailServers(DestinationGuard guard) {
        return new MailServers(guard);
    }

    @Bean
    GuardedRemoteKeys remoteKeys(GuardedRequests requests) {
        return new GuardedRemoteKeys(requests);
    }

    @Bean
    Proofs proofs(
            Credentials credentials,
            ClientAssertions assertions,
            GuardedRequests requests,
            HttpCalls http,
            OutboundProperties properties,
            @Qualifier("outboundLookUps") ExecutorService outboundLookUps,
            SteadyClock clock,
            CredentialUse use) {
        return new Proofs(
                credentials, assertions, requests, http, properties, outboundLookUps, clock, System::nanoTime, use);
    }

    @Bean
    HttpDownstreams downstreams(
            Systems systems,
            Nodes nodes,
            PlatformTokens tokens,
            Proofs proofs,
            DestinationGuard guard,
            HttpCalls http,
            OutboundProperties properties,
            MeterRegistry meters,
            @Qualifier("outboundLookUps") ExecutorService outboundLookUps) {
        return new HttpDownstreams(
                systems,
                nodes,
                tokens,
                proofs,
                guard,
                http,
                properties,
                meters,
                LogContext.carriedBy(outboundLookUps),
                System::nanoTime);
    }

    @Bean
    DownstreamsHealth downstreamsHealthIndicator(HttpDownstreams downstreams) {
        return new DownstreamsHealth(downstreams);
    }

    @Bean
    SystemTests systemTests(DestinationGuard guard, HttpCalls http, PlatformTokens tokens, Proofs proofs) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                TEST_THREADS,
                TEST_THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(MOST_WAITING_LOOK_UPS),
                daemon("outbound-test"));
        workers.allowCoreThreadTimeOut(true);
        return new SystemTests(guard, http, tokens, proofs, workers);
    }

    /** Names are looked up here, since a look-up may block. */
    @Bean(destroyMethod = "shutdownNow", defaultCandidate = false)
    ExecutorService outboundLookUps() {
        ThreadPoolExecutor lookUps = new ThreadPoolExecutor(
                LOOK_UP_THREADS,
                LOOK_UP_THREADS,
                1,
                TimeUnit.MINUTES,
                new LinkedBlockingQueue<>(MOST_WAITING_LOOK_UPS),
                daemon("outbound-look-up"));
        lookUps.allowCoreThreadTimeOut(true);
        return lookUps;
    }

    /** Ends without an interrupt, at which H2 would close its file. */
    @Bean(destroyMethod = "shutdown", defaultCandidate = false)
    ScheduledExecutorService outboundRefresh(Destinations destinations) {
        ScheduledExecutorService refresh = Executors.newSingleThreadScheduledExecutor(daemon("outbound-destinations"));
        destinations.refresh();
        refresh.scheduleWithFixedDelay(destinations::refresh, 1, 1, TimeUnit.SECONDS);
        return refresh;
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
