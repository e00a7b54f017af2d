package io.syncline.scheduler.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets a request in or refuses it, in the order of the contract: 401, 404 path, 405, 403. No declaration, no entry. */
final class RouteFilter extends OncePerRequestFilter {

    private final Routes routes;
    private final Doorkeeper doorkeeper;

    RouteFilter(Routes routes, Doorkeeper doorkeeper) {
        this.routes = routes;
        this.doorkeeper = doorkeeper;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var here = routes.at(request);
        var taking = Routes.taking(here, request.getMethod());
        if (!isPublic(here, taking)) {
            var caller = caller().orElseThrow(
                            () -> Problems.unauthorized(request.getHeader(HttpHeaders.AUTHORIZATION) != null));
            RefusalLog.comesFrom(request, caller);
            if (here.isEmpty()) {
                throw Problems.noSuchPath();
            }
            if (taking.isEmpty()) {
                throw Problems.methodNotAllowed(Routes.allow(here));
            }
            if (taking.stream().noneMatch(route -> doorkeeper.letsIn(route.access(), caller))) {
                throw Problems.forbidden();
            }
        } else if (taking.isEmpty()) {
            throw Problems.methodNotAllowed(Routes.allow(here));
        }
        chain.doFilter(request, response);
    }

    /** Nobody need show a token here: not for the route, and not to be told of a wrong method where all is public. */
    static boolean isPublic(List<Route> here, List<Route> taking) {
        var relevant = taking.isEmpty() ? here : taking;
        return !relevant.isEmpty() && relevant.stream().allMatch(route -> route.access() instanceof Route.Public);
    }

    static Optional<Caller> caller() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication instanceof CallerAuthentication known ? Optional.of(known.caller()) : Optional.empty();
    }

    /** The session of the person who calls; empty for machines. */
    static Optional<String> session() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication instanceof CallerAuthentication known
                ? Optional.ofNullable(known.session())
                : Optional.empty();
    }
}
