package io.syncline.provider.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import java.util.regex.Pattern;

/** The trace id of a request: the caller's, or a new one. */
public final class TraceIds {

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");
    private static final String NONE = "0".repeat(32);
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
        var header = request.getHeader("traceparent");
        if (header != null) {
            var parts = TRACEPARENT.matcher(header);
            if (parts.matches() && !parts.group(1).equals(NONE)) {
                return parts.group(1);
            }
        }
        return UUID.randomUUID().toString().replace("-", "");
    }
}
