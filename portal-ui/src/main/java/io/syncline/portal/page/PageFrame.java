package io.syncline.portal.page;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives every page its frame, and every controller method that asks for {@link Moments} those of the page. */
@ControllerAdvice
@Component
class PageFrame implements HandlerMethodArgumentResolver {

    private static final String MOMENTS = Moments.class.getName();

    private final Display display;

    PageFrame(Display display) {
        this.display = display;
    }

    @ModelAttribute("frame")
    Frame frame(HttpServletRequest request) {
        return display.frame(request, moments(request));
    }

    @ModelAttribute("asOf")
    Moment asOf(HttpServletRequest request) {
        return moments(request).asOf();
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType().equals(Moments.class);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return moments(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)));
    }

    /** One now for the whole page. */
    private Moments moments(HttpServletRequest request) {
        if (request.getAttribute(MOMENTS) instanceof Moments made) {
            return made;
        }
        var moments = display.moments(request);
        request.setAttribute(MOMENTS, moments);
        return moments;
    }
}
