package io.syncline.scheduler.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.stereotype.Component;

/** Takes the token from the Authorization header alone, once, and not at all where the route is public or takes signatures. */
@Component
final class BearerTokens implements BearerTokenResolver {

    private static final String BEARER = "bearer ";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final Routes routes;

    BearerTokens(Routes routes) {
        this.routes = routes;
    }

    @Override
    public @Nullable String resolve(HttpServletRequest request) {
        var here = routes.at(request);
        var taking = Routes.taking(here, request.getMethod());
        if (RouteFilter.isPublic(here, taking)
                || taking.stream().anyMatch(route -> route.access() instanceof Route.Webhook)) {
            return null;
        }
        var headers = request.getHeaders(HttpHeaders.AUTHORIZATION);
        if (!headers.hasMoreElements()) {
            return null;
        }
        var header = headers.nextElement();
        if (headers.hasMoreElements()) {
            throw new InvalidBearerTokenException("two Authorization headers");
        }
        if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return null;
        }
        var token = header.substring(BEARER.length()).strip();
        if (token.length() > StrictJwtDecoder.MAX_BYTES || !TOKEN.matcher(token).matches()) {
            throw new InvalidBearerTokenException("malformed token");
        }
        return token;
    }
}
