package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** All ways into the platform with what they declare, collected from the mapped handlers. */
@Component
class Routes {

    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    /** Asked for by several filters of one request. */
    private static final String HERE = Routes.class.getName() + ".here";

    private record Here(PathContainer path, List<Route> routes) {}

    private static final String ACTUATOR = "/actuator";
    private static final String API_DOCS = "/v3/api-docs";
    private static final Comparator<Route> MOST_SPECIFIC_FIRST = Comparator.comparing(Route::pattern);

    private final ObjectProvider<RequestMappingInfoHandlerMapping> mappings;
    private volatile @Nullable List<Route> collected;

    Routes(ObjectProvider<RequestMappingInfoHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    /** The routes whose path is this one's best match, whatever their method; empty: no such path. */
    List<Route> at(HttpServletRequest request) {
        var path = PathShape.path(request);
        if (request.getAttribute(HERE) instanceof Here known && known.path() == path) {
            return known.routes();
        }
        var routes = at(path);
        request.setAttribute(HERE, new Here(path, routes));
        return routes;
    }

    List<Route> at(PathContainer path) {
        var shape = PathShape.of(path);
        var here = new ArrayList<Route>();
        for (Route route : all()) {
            if (route.shape().mayMatch(shape) && route.pattern().matches(path)) {
                here.add(route);
            }
        }
        return here;
    }

    /** The routes that would take this request, the most specific path only. */
    static List<Route> taking(List<Route> routes, String method) {
        var taking = routes.stream().filter(route -> route.takes(method)).toList();
        return taking.stream()
                .filter(route -> route.pattern().equals(taking.get(0).pattern()))
                .toList();
    }

    static String allow(List<Route> routes) {
        var methods = new TreeSet<String>();
        routes.forEach(route -> methods.addAll(route.methods()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }

    /** Every route, the most specific path first. */
    List<Route> all() {
        var known = collected;
        if (known == null) {
            known = collect();
            collected = known;
        }
        return known;
    }

    private List<Route> collect() {
        var routes = new ArrayList<Route>();
        mappings.stream()
                .forEach(mapping -> mapping.getHandlerMethods().forEach((info, handler) -> add(routes, info, handler)));
        routes.sort(MOST_SPECIFIC_FIRST);
        routes.stream()
                .filter(route -> route.access() instanceof Route.Undeclared)
                .forEach(route -> LOG.error(
                        "{} {} declares no scope, nobody gets in: {}",
                        route.methods(),
                        route.pattern(),
                        route.handler()));
        return List.copyOf(routes);
    }

    private static void add(List<Route> routes, RequestMappingInfo info, HandlerMethod handler) {
        var paths = info.getPathPatternsCondition();
        if (paths == null) {
            throw new IllegalStateException("route without a path pattern: " + handler);
        }
        var methods = info.getMethodsCondition().getMethods().stream()
                .map(Enum::name)
                .collect(Collectors.toUnmodifiableSet());
        for (var pattern : paths.getPatterns()) {
            // The container's own error page is no route.
            if (handler.getBeanType() != ProblemErrorController.class) {
                routes.add(Route.of(pattern, methods, access(handler, pattern.getPatternString()), handler.toString()));
            }
        }
    }

    /** What a handler declares; those of libraries are known by their path. */
    static Route.Access access(HandlerMethod handler, @Nullable String pattern) {
        var scopes = handler.getMethodAnnotation(RequiresScope.class);
        if (scopes != null) {
            var machines = Set.of(scopes.value());
            return new Route.AnyOf(
                    machines, scopes.people().length == 0 ? machines : Set.of(scopes.people()), scopes.everyLabel());
        }
        if (handler.hasMethodAnnotation(PublicRoute.class)) {
            return new Route.Public();
        }
        if (handler.hasMethodAnnotation(PortalRoute.class)) {
            return new Route.Portal();
        }
        var person = handler.getMethodAnnotation(PersonRoute.class);
        if (person != null) {
            return new Route.Person(Set.of(person.or()));
        }
        if (handler.hasMethodAnnotation(CallbackRoute.class)) {
            return new Route.Callback();
        }
        var webhook = handler.getMethodAnnotation(WebhookRoute.class);
        if (webhook != null) {
            return new Route.Webhook(Set.of(webhook.value()));
        }
        var library = handler.getBeanType().getName();
        if (pattern != null && library.startsWith("org.springdoc.") && pattern.startsWith(API_DOCS)) {
            return new Route.Public();
        }
        if (pattern != null && library.startsWith("org.springframework.boot.")) {
            if (pattern.equals(ACTUATOR + "/health") || pattern.startsWith(ACTUATOR + "/health/")) {
                return new Route.Public();
            }
            if (pattern.equals(ACTUATOR + "/prometheus")) {
                // Its series name groups and systems of everybody.
                var reader = Set.of(Scope.RUNS_READ);
                return new Route.AnyOf(reader, reader, true);
            }
        }
        return new Route.Undeclared();
    }
}
