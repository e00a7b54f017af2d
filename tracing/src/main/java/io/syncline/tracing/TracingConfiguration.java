package io.syncline.tracing;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/** For services whose spans are those of their requests and of what they send; each process is an instance of its own. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TracingProperties.class)
public class TracingConfiguration {

    private static final String SDK = "io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter";

    @Bean
    Spans synclineSpans(TracingProperties properties) {
        if (!properties.isOn()) {
            return Spans.PASSED_ON;
        }
        if (!ClassUtils.isPresent(SDK, TracingConfiguration.class.getClassLoader())) {
            throw new IllegalStateException(
                    "syncline.tracing.endpoint is set, but OpenTelemetry's SDK is not there: add "
                            + "io.opentelemetry:opentelemetry-exporter-otlp, or leave the endpoint out.");
        }
        return ExportedSpans.to(properties, UUID.randomUUID().toString(), version());
    }

    private static @Nullable String version() {
        return TracingConfiguration.class.getPackage().getImplementationVersion();
    }

    @Bean
    RequestTraces synclineRequestTraces(Spans spans) {
        return new RequestTraces(spans);
    }
}
