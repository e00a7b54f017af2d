package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The account of a person.
 *
 * @param key the name that the person signs in with
 * @param namedScopes scopes besides those of the roles; only {@code payload:read} is given so
 * @param external who the person is at a trusted issuer; such a person has no password here
 * @param fromIssuer whether roles and labels follow the issuer's groups at each sign-in
 * @param hasPassword whether a password was set
 * @param version grows with each change; the ETag
 */
record User(
        String key,
        String name,
        @Nullable String email,
        Set<Role> roles,
        Labels labels,
        Set<Scope> namedScopes,
        boolean enabled,
        @Nullable ExternalPerson external,
        boolean fromIssuer,
        boolean hasPassword,
        int version,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant signedInAt) {

    User {
        roles = Set.copyOf(roles);
        namedScopes = Set.copyOf(namedScopes);
    }

    /** All that the person may do now. */
    Set<Scope> scopes() {
        var scopes = EnumSet.noneOf(Scope.class);
        roles.forEach(role -> scopes.addAll(Scope.withIncluded(role.scopes())));
        scopes.addAll(namedScopes);
        return scopes;
    }

    boolean isAdmin() {
        return roles.contains(Role.ADMIN);
    }

    /** Whether a person of this account can get in as things stand. */
    boolean canSignIn() {
        return enabled && (hasPassword || external != null);
    }
}
