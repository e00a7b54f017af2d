package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Looks at the shape of a path before all else that a mapping asks for. For a path with variables the superclass tries every
 * mapping there is, its headers first and its path last, which was a sixth of what a callback cost.
 */
final class ShapedHandlerMapping extends RequestMappingHandlerMapping {

    private record Shaped(PathShape shape, RequestMappingInfo info, HandlerMethod handler) {}

    private volatile @Nullable List<Shaped> collected;

    @Override
    protected @Nullable HandlerMethod lookupHandlerMethod(String lookupPath, HttpServletRequest request)
            throws Exception {
        var path = PathShape.of(request);
        Shaped found = null;
        RequestMappingInfo match = null;
        for (Shaped candidate : all()) {
            var info = candidate.shape().mayMatch(path) ? getMatchingMapping(candidate.info(), request) : null;
            if (info != null && found != null) {
                // The superclass knows which one is better.
                return super.lookupHandlerMethod(lookupPath, request);
            }
            if (info != null) {
                found = candidate;
                match = info;
            }
        }
        if (found == null || match == null) {
            // The superclass knows why.
            return super.lookupHandlerMethod(lookupPath, request);
        }
        request.setAttribute(BEST_MATCHING_HANDLER_ATTRIBUTE, found.handler());
        handleMatch(match, lookupPath, request);
        return found.handler();
    }

    private List<Shaped> all() {
        var known = collected;
        if (known == null) {
            var all = new ArrayList<Shaped>();
            getHandlerMethods().forEach((info, handler) -> {
                var paths = info.getPathPatternsCondition();
                if (paths == null) {
                    throw new IllegalStateException("route without a path pattern: " + handler);
                }
                paths.getPatterns().forEach(pattern -> all.add(new Shaped(PathShape.of(pattern), info, handler)));
            });
            known = List.copyOf(all);
            collected = known;
        }
        return known;
    }

    /** What was collected does not hold any more. */
    @Override
    public void registerMapping(RequestMappingInfo info, Object handler, Method method) {
        super.registerMapping(info, handler, method);
        collected = null;
    }
}
