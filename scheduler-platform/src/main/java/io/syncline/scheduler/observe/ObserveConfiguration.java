package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.syncline.scheduler.store.Nodes;
import io.syncline.tracing.ExportedSpans;
import io.syncline.tracing.Spans;
import io.syncline.tracing.TracingProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({MetricsProperties.class, TracingProperties.class})
class ObserveConfiguration {

    @Bean
    static CappedLabels cappedLabels() {
        return new CappedLabels();
    }

    @Bean
    static LabelCap labelCap(CappedLabels labels) {
        return new LabelCap(labels);
    }

    @Bean
    Spans spans(TracingProperties properties, Nodes nodes) {
        return properties.isOn() ? ExportedSpans.to(properties, nodes.self(), version()) : Spans.UNTOLD;
    }

    private static @Nullable String version() {
        return ObserveConfiguration.class.getPackage().getImplementationVersion();
    }

    @Bean
    MeterBinder buildInfo() {
        var version = version();
        return registry -> Gauge.builder("syncline.build.info", () -> 1)
                .description("Always 1; what runs here")
                .tag("version", version == null ? "development" : version)
                .tag("java", String.valueOf(Runtime.version().feature()))
                .register(registry);
    }
}
