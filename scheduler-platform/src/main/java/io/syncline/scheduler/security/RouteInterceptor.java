package io.syncline.scheduler.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Asks the handler that was really chosen once more: several may share a path and differ by media type. */
final class RouteInterceptor implements HandlerInterceptor {

    private final Doorkeeper doorkeeper;

    RouteInterceptor(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getDispatcherType() != DispatcherType.REQUEST) {
            return true;
        }
        if (!(handler instanceof HandlerMethod method)) {
            throw Problems.forbidden();
        }
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var access = Routes.access(method, pattern == null ? null : pattern.toString());
        if (access instanceof Route.Public) {
            return true;
        }
        var caller = RouteFilter.caller().orElseThrow(() -> Problems.unauthorized(false));
        if (!doorkeeper.letsIn(access, caller)) {
            throw Problems.forbidden();
        }
        if (method.hasMethodAnnotation(RequiresRecentSignIn.class)) {
            doorkeeper.requireRecentSignIn(caller);
        }
        return true;
    }
}
