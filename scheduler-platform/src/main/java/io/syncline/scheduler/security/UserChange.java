package io.syncline.scheduler.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an administrator says of a person. */
record UserChange(
        String name,
        @Nullable String email,
        Set<Role> roles,
        Labels labels,
        Set<Scope> namedScopes,
        boolean enabled,
        @Nullable ExternalPerson external) {

    /** Whether the person may do or reach other things than before, or comes in another way: their sessions end. */
    boolean alters(User before) {
        return !roles.equals(before.roles())
                || !labels.equals(before.labels())
                || !namedScopes.equals(before.namedScopes())
                || enabled != before.enabled()
                || !java.util.Objects.equals(external, before.external());
    }
}
