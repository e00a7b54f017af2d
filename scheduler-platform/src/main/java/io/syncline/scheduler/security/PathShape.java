package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/**
 * How many segments a path has and what its third one is, which tells most of {@code /api/v1/…} apart before any pattern is
 * matched.
 *
 * @param segments their number; -1 of a pattern that takes any number
 * @param third empty when there is none, or a pattern takes any
 */
record PathShape(int segments, String third) {

    private static final int OPEN = -1;
    private static final int TELLING = 3;

    private static final String SHAPE = PathShape.class.getName();

    private record Known(PathContainer path, PathShape shape) {}

    static PathContainer path(HttpServletRequest request) {
        var parsed = ServletRequestPathUtils.hasParsedRequestPath(request)
                ? ServletRequestPathUtils.getParsedRequestPath(request)
                : ServletRequestPathUtils.parseAndCache(request);
        return parsed.pathWithinApplication();
    }

    /** Found once for a request. */
    static PathShape of(HttpServletRequest request) {
        var path = path(request);
        if (request.getAttribute(SHAPE) instanceof Known known && known.path() == path) {
            return known.shape();
        }
        var shape = of(path);
        request.setAttribute(SHAPE, new Known(path, shape));
        return shape;
    }

    static PathShape of(PathContainer path) {
        int segments = 0;
        var third = "";
        for (var element : path.elements()) {
            if (element instanceof PathContainer.PathSegment segment) {
                segments++;
                if (segments == TELLING) {
                    third = segment.valueToMatch();
                }
            }
        }
        return new PathShape(segments, third);
    }

    /** What all paths have that the pattern matches. */
    static PathShape of(PathPattern pattern) {
        var text = pattern.getPatternString();
        if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0) {
            return new PathShape(OPEN, "");
        }
        var parts = text.startsWith("/") ? text.substring(1).split("/", -1) : text.split("/", -1);
        int segments = text.equals("/") || text.isEmpty() ? 0 : parts.length;
        if (text.endsWith("/") && segments > 0) {
            segments--;
        }
        var third = segments >= TELLING ? parts[TELLING - 1] : "";
        return new PathShape(segments, third.indexOf('{') >= 0 ? "" : third);
    }

    /** Whether a path of that shape may match the pattern of this one; what may not does not. */
    boolean mayMatch(PathShape path) {
        return segments == OPEN || (segments == path.segments && (third.isEmpty() || third.equals(path.third)));
    }
}
