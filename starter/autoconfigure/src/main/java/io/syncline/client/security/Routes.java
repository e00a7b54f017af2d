package io.syncline.client.security;

import io.syncline.client.ClientProperties.ApiPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.PathContainer;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** What is declared about the routes of this service. */
final class Routes {

    private static final String GET = "GET";

    private final SingletonSupplier<List<PathPattern>> sync;
    private final List<Rule> api;
    private final List<PathPattern> open;
    private final List<PathPattern> webhooks;

    private record Rule(PathPattern pattern, @Nullable String method, String scope) {}

    Routes(Supplier<List<String>> sync, List<ApiPath> api, List<String> open, List<String> webhooks) {
        // Handlers are found after this and before the first request.
        this.sync = SingletonSupplier.of(
                () -> sync.get().stream().map(Routes::parse).toList());
        this.api = api.stream()
                .map(path -> new Rule(parse(path.pattern()), path.method(), path.scope()))
                .toList();
        this.open = open.stream().map(Routes::parse).toList();
        this.webhooks = webhooks.stream().map(Routes::parse).toList();
    }

    boolean isOpen(HttpServletRequest request) {
        return matches(open, request) && (isRead(request) || "OPTIONS".equals(request.getMethod()))
                || matches(webhooks, request) && "POST".equals(request.getMethod());
    }

    boolean isSync(HttpServletRequest request) {
        return matches(sync.obtain(), request);
    }

    /** The scope that the first matching rule asks for. */
    Optional<String> scope(HttpServletRequest request) {
        var path = path(request);
        return api.stream()
                .filter(rule -> rule.pattern().matches(path) && takes(rule.method(), request))
                .map(Rule::scope)
                .findFirst();
    }

    private static boolean takes(@Nullable String method, HttpServletRequest request) {
        return method == null
                || method.isBlank()
                || method.equalsIgnoreCase(request.getMethod())
                || method.equalsIgnoreCase(GET) && isRead(request);
    }

    private static boolean isRead(HttpServletRequest request) {
        return GET.equals(request.getMethod()) || "HEAD".equals(request.getMethod());
    }

    private static boolean matches(List<PathPattern> patterns, HttpServletRequest request) {
        var path = path(request);
        return patterns.stream().anyMatch(pattern -> pattern.matches(path));
    }

    private static PathContainer path(HttpServletRequest request) {
        return PathContainer.parsePath(
                request.getRequestURI().substring(request.getContextPath().length()));
    }

    private static PathPattern parse(String pattern) {
        return PathPatternParser.defaultInstance.parse(pattern);
    }
}
