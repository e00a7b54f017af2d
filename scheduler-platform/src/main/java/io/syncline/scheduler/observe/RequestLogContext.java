package io.syncline.scheduler.observe;

import io.syncline.scheduler.security.LogContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.AsyncHandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** What is logged for a request says which run, task run, group or system its address names. */
@Component
class RequestLogContext implements AsyncHandlerInterceptor, WebMvcConfigurer {

    private static final String ATTRIBUTE = RequestLogContext.class.getName();

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> named) {
            var about = LogContext.of().run(text(named, "runId")).taskRun(text(named, "taskRunId"));
            var key = text(named, "key");
            if (request.getRequestURI().startsWith("/api/v1/groups/")) {
                about.group(key);
            } else if (request.getRequestURI().startsWith("/api/v1/systems/")) {
                about.system(key);
            }
            request.setAttribute(ATTRIBUTE, about);
        }
        return true;
    }

    private static @Nullable String text(Map<?, ?> named, String variable) {
        return named.get(variable) instanceof String text ? text : null;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        close(request);
    }

    /** Another thread goes on; this one is given back to others. */
    @Override
    public void afterConcurrentHandlingStarted(
            HttpServletRequest request, HttpServletResponse response, Object handler) {
        close(request);
    }

    private static void close(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof LogContext about) {
            request.removeAttribute(ATTRIBUTE);
            about.close();
        }
    }
}
