package io.syncline.scheduler.security;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes this request; a controller takes it as an argument.
 *
 * @param subject the client's key, the person's account, or {@code callback} for a callback token; the one audited
 * @param system the system that the client belongs to, if any
 * @param scopes all it may do, with what {@code admin} includes
 * @param grant what its callback token is good for; only on the callbacks route
 * @param person the person, when the caller is one and no machine
 */
public record Caller(
        String subject,
        @Nullable String system,
        Set<Scope> scopes,
        @Nullable CallbackGrant grant,
        @Nullable Person person) {

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    /** A client of the platform. */
    public static Caller machine(String client, @Nullable String system, Set<Scope> scopes) {
        return new Caller(client, system, scopes, null, null);
    }

    public boolean has(Scope scope) {
        return scopes.contains(scope);
    }

    /** Whether the caller may do what belongs to no group, such as to manage people; with limited labels nobody may. */
    public boolean administers() {
        return has(Scope.ADMIN) && labels().all();
    }

    /** Whose groups and systems this caller reaches; machines reach all, theirs are limited by scope and system. */
    public Labels labels() {
        return person == null ? Labels.ALL : person.labels();
    }

    /** Whether a group or system with these labels exists for this caller; otherwise the answer is 404. */
    public boolean reaches(Collection<String> groupLabels) {
        return labels().reach(groupLabels);
    }
}
