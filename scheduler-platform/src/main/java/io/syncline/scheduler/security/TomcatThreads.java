package io.syncline.scheduler.security;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnThreading;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/** Gives the web server {@link RequestThreads}; no request waits for a virtual thread, on newer Java. */
@Component
@ConditionalOnThreading(Threading.PLATFORM)
final class TomcatThreads
        implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, MeterBinder, DisposableBean {

    private final RequestThreads threads;

    TomcatThreads(TomcatServerProperties tomcat) {
        this.threads = RequestThreads.of(
                tomcat.getThreads().getMinSpare(), tomcat.getThreads().getMax());
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addConnectorCustomizers(
                connector -> connector.getProtocolHandler().setExecutor(threads));
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        Gauge.builder("syncline.requests.waiting", this, TomcatThreads::waiting)
                .description("Requests that wait for a thread of this node")
                .register(meters);
    }

    int busy() {
        return threads.getActiveCount();
    }

    int waiting() {
        return threads.getQueue().size();
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
