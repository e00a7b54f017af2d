package io.syncline.portal.signin;

import io.syncline.portal.page.LocalPath;
import io.syncline.portal.platform.SignInAgainException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Leads whoever does what takes a recent sign-in through signing in again. A page that was asked for is asked for anew; a form
 * that was sent waits, and is sent on after it, so that nobody types anything twice.
 */
@ControllerAdvice
class SignInAgainPages {

    private final Clock clock;

    SignInAgainPages(Clock clock) {
        this.clock = clock;
    }

    @ExceptionHandler(SignInAgainException.class)
    String again(HttpServletRequest request) {
        ConfirmController.ask(request.getSession(), clock.instant());
        var isForm = !request.getMethod().equals("GET");
        if (isForm) {
            KeptForm.keep(request);
        }
        var back = isForm ? pageOf(request) : addressOf(request);
        return "redirect:"
                + UriComponentsBuilder.fromPath(ConfirmController.PAGE)
                        .queryParam("back", "{back}")
                        .encode()
                        .buildAndExpand(back)
                        .toUriString();
    }

    /** Where the form says that it came from, else where the browser says so. */
    private static String pageOf(HttpServletRequest request) {
        return LocalPath.of(request.getParameter("back"))
                .or(() -> referer(request.getHeader(HttpHeaders.REFERER)))
                .map(LocalPath::text)
                .orElse("/");
    }

    private static Optional<LocalPath> referer(@Nullable String header) {
        try {
            var page = header == null ? null : URI.create(header);
            return page == null || page.getRawPath() == null
                    ? Optional.empty()
                    : LocalPath.of(
                            page.getRawQuery() == null
                                    ? page.getRawPath()
                                    : page.getRawPath() + "?" + page.getRawQuery());
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    private static String addressOf(HttpServletRequest request) {
        var query = request.getQueryString();
        return request.getRequestURI() + (query == null ? "" : "?" + query);
    }
}
