package io.syncline.scheduler.security;

import java.util.Set;
import org.springframework.web.util.pattern.PathPattern;

/**
 * One way into the platform.
 *
 * @param methods HTTP methods; empty: all
 */
record Route(PathPattern pattern, PathShape shape, Set<String> methods, Access access, String handler) {

    static Route of(PathPattern pattern, Set<String> methods, Access access, String handler) {
        return new Route(pattern, PathShape.of(pattern), methods, access, handler);
    }

    /** Who gets in. */
    sealed interface Access {}

    record Public() implements Access {}

    /** Any caller with an accepted token; the controller judges further. */
    record Callback() implements Access {}

    /** The portal's own client alone. */
    record Portal() implements Access {}

    /** Any person who is signed in, and callers with one of the scopes; the controller judges further. */
    record Person(Set<Scope> or) implements Access {}

    /**
     * Callers with one of the scopes.
     *
     * @param people the scopes of which people need one
     * @param everyLabel whether people must reach all labels
     */
    record AnyOf(Set<Scope> scopes, Set<Scope> people, boolean everyLabel) implements Access {

        AnyOf {
            everyLabel |= people.equals(Set.of(Scope.ADMIN));
        }

        AnyOf(Set<Scope> scopes) {
            this(scopes, scopes, false);
        }

        boolean letsIn(Caller caller) {
            if (caller.grant() != null) {
                return false;
            }
            if (caller.person() == null) {
                return scopes.stream().anyMatch(caller::has);
            }
            return people.stream().anyMatch(caller::has)
                    && (!everyLabel || caller.labels().all());
        }
    }

    /** The client that the path names, by its signature over the body; it needs one of the scopes. */
    record Webhook(Set<Scope> scopes) implements Access {}

    /** Nobody: no declaration was made. */
    record Undeclared() implements Access {}

    boolean takes(String method) {
        return methods.isEmpty() || methods.contains(method) || method.equals("HEAD") && methods.contains("GET");
    }
}
