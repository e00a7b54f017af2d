package io.syncline.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Spans that a collector hears of, in batches and beside the work: the queue is bounded, and what does not fit is dropped. Ids
 * are those on the wire.
 */
public final class ExportedSpans implements Spans, AutoCloseable {

    private static final int TRACE_BEGIN = 3;
    private static final int TRACE_END = 35;
    private static final int SPAN_BEGIN = 36;
    private static final int SPAN_END = 52;
    private static final int FLAGS_BEGIN = 53;

    private static final Duration EXPORT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration EXPORT_EACH = Duration.ofSeconds(1);
    private static final int QUEUE = 8192;
    private static final int CLOSE_SECONDS = 3;

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    ExportedSpans(SpanProcessor processor, TracingProperties properties, String instance, @Nullable String version) {
        provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(Attributes.builder()
                                .put("service.name", properties.serviceName())
                                .put("service.version", version == null ? "development" : version)
                                .put("service.instance.id", instance)
                                .build())))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(properties.sampleRatio())))
                .addSpanProcessor(processor)
                .build();
        tracer = provider.get("io.syncline");
    }

    /**
     * To the collector that the settings name.
     *
     * @param instance this process among those of its service
     */
    public static Spans to(TracingProperties properties, String instance, @Nullable String version) {
        return new ExportedSpans(batches(properties), properties, instance, version);
    }

    private static SpanProcessor batches(TracingProperties properties) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(properties.traces())
                .setTimeout(EXPORT_TIMEOUT)
                .setHeaders(properties::headerMap)
                .build();
        return BatchSpanProcessor.builder(exporter)
                .setMaxQueueSize(QUEUE)
                .setScheduleDelay(EXPORT_EACH)
                .setExporterTimeout(EXPORT_TIMEOUT)
                .build();
    }

    @Override
    public Span begin(Kind kind, String name, @Nullable String parent) {
        var builder = tracer.spanBuilder(name).setSpanKind(kindOf(kind));
        var caller = TraceContext.accepted(parent == null ? null : TraceContext.traceparent(parent))
                .map(traceparent -> contextOf(traceparent, TraceContext.members(parent)))
                .filter(SpanContext::isValid)
                .orElse(null);
        if (caller == null) {
            builder.setNoParent();
        } else {
            builder.setParent(Context.root().with(io.opentelemetry.api.trace.Span.wrap(caller)));
            if (kind == Kind.CLIENT) {
                // The span of what caused it ended long ago, and often elsewhere.
                builder.addLink(caller, Attributes.of(AttributeKey.stringKey("syncline.link"), "cause"));
            }
        }
        return new Told(builder.startSpan(), caller == null ? "" : TraceContext.stateBehind(parent));
    }

    private static SpanKind kindOf(Kind kind) {
        return switch (kind) {
            case SERVER -> SpanKind.SERVER;
            case CLIENT -> SpanKind.CLIENT;
            case INTERNAL -> SpanKind.INTERNAL;
        };
    }

    private static SpanContext contextOf(String traceparent, List<Map.Entry<String, String>> state) {
        var members = TraceState.builder();
        // The last that is put stands first.
        for (int i = state.size() - 1; i >= 0; i--) {
            members.put(state.get(i).getKey(), state.get(i).getValue());
        }
        return SpanContext.createFromRemoteParent(
                traceparent.substring(TRACE_BEGIN, TRACE_END),
                traceparent.substring(SPAN_BEGIN, SPAN_END),
                TraceFlags.fromHex(traceparent, FLAGS_BEGIN),
                members.build());
    }

    @Override
    public void close() {
        provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private record Told(io.opentelemetry.api.trace.Span span, String stateBehind) implements Span {

        @Override
        public String traceparent() {
            var context = span.getSpanContext();
            return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                    + context.getTraceFlags().asHex() + stateBehind;
        }

        @Override
        public boolean told() {
            return span.isRecording();
        }

        @Override
        public Span named(String better) {
            span.updateName(better);
            return this;
        }

        @Override
        public Span with(String key, @Nullable Object value) {
            if (value instanceof Long number) {
                span.setAttribute(key, number);
            } else if (value != null) {
                span.setAttribute(key, value.toString());
            }
            return this;
        }

        @Override
        public void end(@Nullable String failure) {
            if (failure != null) {
                span.setStatus(StatusCode.ERROR, failure);
            }
            span.end();
        }
    }
}
