package io.syncline.client.platform;

import io.syncline.tracing.Spans;
import io.syncline.tracing.TraceContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/** Posts for work that may belong to a trace: each is a span of it, and its receiver goes on from there. */
public final class TracedPosts {

    private static final int CLIENT_ERROR = 400;

    private final PlatformHttp http;
    private final Spans spans;

    TracedPosts(PlatformHttp http, Spans spans) {
        this.http = http;
        this.spans = spans;
    }

    /**
     * @param name of the span
     * @param trace of the work, as {@code TraceContext} keeps one; null: it belongs to none
     * @throws org.springframework.web.client.RestClientException when there is no answer
     */
    public PlatformHttp.Answer post(
            String name, @Nullable String trace, String url, MediaType type, Map<String, String> headers, byte[] body) {
        if (trace == null) {
            return http.post(url, type, headers, body);
        }
        var span = spans.begin(Spans.Kind.CLIENT, name, trace).with("http.request.method", "POST");
        var all = new LinkedHashMap<>(headers);
        all.putAll(TraceContext.headers(span.traceparent()));
        String failure = "no answer";
        try {
            var answer = http.post(url, type, all, body);
            span.with("http.response.status_code", (long) answer.status());
            failure = answer.status() >= CLIENT_ERROR ? "answered " + answer.status() : null;
            return answer;
        } finally {
            span.end(failure);
        }
    }
}
