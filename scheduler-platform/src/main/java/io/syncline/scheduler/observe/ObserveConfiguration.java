package io.syncline.scheduler.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
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
    MeterBinder buildInfo() {
        var version = ObserveConfiguration.class.getPackage().getImplementationVersion();
        return registry -> Gauge.builder("syncline.build.info", () -> 1)
                .description("Always 1; what runs here")
                .tag("version", version == null ? "development" : version)
                .tag("java", String.valueOf(Runtime.version().feature()))
                .register(registry);
    }
}
