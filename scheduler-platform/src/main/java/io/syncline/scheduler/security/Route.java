package io.syncline.scheduler.security;

import java.util.Set;
import org.springframework.web.util.pattern.PathPattern;

/**
 * One way into the platform.
 *
 * @param methods HTTP methods; empty: all
 */
record Route(PathPattern pattern, Set<String> methods, Access access, String handler) {

    /** Who gets in. */
    sealed interface Access {}

    record Public() implements Access {}

    /** Any caller with an accepted token; the controller judges further. */
    record Callback() implements Access {}

    record AnyOf(Set<Scope> scopes) implements Access {}

    /** Nobody: no declaration was made. */
    record Undeclared() implements Access {}

    boolean takes(String method) {
        return methods.isEmpty() || methods.contains(method) || method.equals("HEAD") && methods.contains("GET");
    }
}
