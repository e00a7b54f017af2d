package io.syncline.portal.signin;

import io.syncline.portal.page.LocalPath;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;

/** Keeps, in the session, which page somebody wanted before they were asked to sign in. */
class TargetPages implements RequestCache {

    private static final String ATTRIBUTE = "io.syncline.portal.target";
    private static final Set<String> NEVER =
            Set.of("/sign-in", "/sign-out", "/set-up", "/error", "/account/password", "/account/confirm/provider");

    @Override
    public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
        var accept = request.getHeader("Accept");
        var mode = request.getHeader("Sec-Fetch-Mode");
        var isPage = (accept == null || accept.contains("text/html") || accept.contains("*/*"))
                && (mode == null || mode.equals("navigate"));
        if (request.getMethod().equals("GET") && isPage) {
            addressOf(request).ifPresent(page -> request.getSession().setAttribute(ATTRIBUTE, page.text()));
        }
    }

    /** The page to go to after the next sign-in. */
    void keep(HttpServletRequest request, LocalPath page) {
        request.getSession().setAttribute(ATTRIBUTE, page.text());
    }

    /** Takes the page out of the session. */
    Optional<LocalPath> take(HttpServletRequest request) {
        var page = LocalPath.of(wanted(request));
        removeRequest(request, null);
        return page;
    }

    @Override
    public @Nullable SavedRequest getRequest(HttpServletRequest request, HttpServletResponse response) {
        return LocalPath.of(wanted(request))
                .map(page -> new SimpleSavedRequest(page.text()))
                .orElse(null);
    }

    @Override
    public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void removeRequest(HttpServletRequest request, @Nullable HttpServletResponse response) {
        var session = request.getSession(false);
        if (session != null) {
            session.removeAttribute(ATTRIBUTE);
        }
    }

    private static @Nullable String wanted(HttpServletRequest request) {
        var session = request.getSession(false);
        return session != null && session.getAttribute(ATTRIBUTE) instanceof String page ? page : null;
    }

    private static Optional<LocalPath> addressOf(HttpServletRequest request) {
        var path = request.getRequestURI();
        var inside = path.substring(request.getContextPath().length());
        if (NEVER.stream().anyMatch(page -> inside.equals(page) || inside.startsWith(page + "/"))) {
            return Optional.empty();
        }
        var query = request.getQueryString();
        return LocalPath.of(query == null ? path : path + "?" + query);
    }
}
