package io.syncline.provider.problem;

import io.syncline.tracing.RequestSpans;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;

/** The trace id of a request: the caller's, or a new one. */
public final class TraceIds {

    private static final String ATTRIBUTE = TraceIds.class.getName();

    private TraceIds() {}

    public static String of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String known) {
            return known;
        }
        var id = read(request);
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    private static String read(HttpServletRequest request) {
        return RequestSpans.traceId(request)
                .orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    }
}
