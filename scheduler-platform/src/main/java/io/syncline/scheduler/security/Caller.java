package io.syncline.scheduler.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes this request; a controller takes it as an argument.
 *
 * @param subject the client's key, or {@code callback} for a callback token
 * @param system the system that the client belongs to, if any
 * @param scopes all it may do, with what {@code admin} includes
 * @param grant what its callback token is good for; only on the callbacks route
 */
public record Caller(
        String subject,
        @Nullable String system,
        Set<Scope> scopes,
        @Nullable CallbackGrant grant) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    public boolean has(Scope scope) {
        return scopes.contains(scope);
    }
}
