package io.syncline.portal.page;

import io.syncline.portal.platform.PlatformException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/**
 * The page in place of one that cannot be made, because the platform does not answer or refuses. Controllers catch
 * {@link PlatformException} only where they have more to say, as forms do.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class TroublePages {

    private final Display display;

    TroublePages(Display display) {
        this.display = display;
    }

    @ExceptionHandler(PlatformException.class)
    String trouble(PlatformException trouble, Model model, HttpServletRequest request, HttpServletResponse response) {
        var frame = display.frame(request, display.moments(request));
        model.addAttribute("frame", frame);
        model.addAttribute("asOf", frame.moments().asOf());
        model.addAttribute("trouble", trouble);
        model.addAttribute("again", request.getMethod().equals("GET") ? frame.address() : "/");
        model.addAttribute("place", placeOf(request));
        response.setStatus(statusOf(trouble).value());
        return "trouble";
    }

    private static String placeOf(HttpServletRequest request) {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        return Place.all().stream()
                .filter(place -> place != Place.OVERVIEW && path.startsWith(place.path()))
                .map(Place::id)
                .findFirst()
                .orElse(Place.OVERVIEW.id());
    }

    /** The status of a page on which this trouble is all there is. */
    static HttpStatus statusOf(PlatformException trouble) {
        return switch (trouble.kind()) {
            case UNAVAILABLE -> HttpStatus.SERVICE_UNAVAILABLE;
            case NOT_CONNECTED, UNREADABLE -> HttpStatus.BAD_GATEWAY;
            case FORBIDDEN -> HttpStatus.FORBIDDEN;
            case REFUSED_QUESTION -> HttpStatus.BAD_REQUEST;
            case REFUSED_FORM -> HttpStatus.UNPROCESSABLE_CONTENT;
            case CONFLICT -> HttpStatus.CONFLICT;
            case UNKNOWN -> HttpStatus.NOT_FOUND;
        };
    }
}
