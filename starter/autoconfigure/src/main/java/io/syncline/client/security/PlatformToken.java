package io.syncline.client.security;

import java.util.List;
import java.util.Set;

/** A token that was found good. */
record PlatformToken(String subject, Set<String> audience, List<String> scopes) {

    /** {@code admin} includes every scope but {@code payload:read}. */
    boolean allows(String scope) {
        return scopes.contains(scope) || scopes.contains("admin") && !scope.equals("payload:read");
    }
}
