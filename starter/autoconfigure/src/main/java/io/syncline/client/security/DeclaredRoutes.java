package io.syncline.client.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** Whether any route answers a request at all: what no route declares is not found rather than forbidden. */
final class DeclaredRoutes {

    private final SingletonSupplier<List<HandlerMapping>> mappings;

    /** @param mappings asked for once, with the first request */
    DeclaredRoutes(Supplier<List<HandlerMapping>> mappings) {
        this.mappings = SingletonSupplier.of(mappings);
    }

    boolean has(HttpServletRequest request) {
        ServletRequestPathUtils.parseAndCache(request);
        try {
            return takesAny(request);
        } finally {
            ServletRequestPathUtils.clearParsedRequestPath(request);
        }
    }

    private boolean takesAny(HttpServletRequest request) {
        for (var mapping : mappings.obtain()) {
            // Mappings by URL are those of static resources, which answer "not found" themselves.
            if (!(mapping instanceof AbstractUrlHandlerMapping) && takes(mapping, request)) {
                return true;
            }
        }
        return false;
    }

    private static boolean takes(HandlerMapping mapping, HttpServletRequest request) {
        try {
            return mapping.getHandler(request) != null;
        } catch (HttpRequestMethodNotSupportedException e) {
            return false;
        } catch (HttpMediaTypeNotSupportedException | HttpMediaTypeNotAcceptableException e) {
            return true;
        } catch (Exception e) {
            // Something is there that dislikes the request; it is not open because of that.
            return true;
        }
    }
}
