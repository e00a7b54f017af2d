package io.syncline.scheduler.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a person does here. A person may have several roles; the scopes of all of them count. */
public enum Role {
    /** Looks at configuration and runs. */
    VIEWER(Scope.RUNS_READ, Scope.CONFIG_READ),
    /** Acts on runs and starts groups as well. */
    OPERATOR(Scope.RUNS_READ, Scope.CONFIG_READ, Scope.RUNS_OPERATE),
    /** Changes groups and systems as well. */
    EDITOR(Scope.RUNS_READ, Scope.CONFIG_READ, Scope.CONFIG_WRITE),
    /** Reads the audit trail as well. */
    AUDITOR(Scope.RUNS_READ, Scope.CONFIG_READ, Scope.AUDIT_READ),
    /** All of it, people, clients, keys and destinations included; but no payloads. */
    ADMIN(Scope.ADMIN);

    private final Set<Scope> scopes;

    Role(Scope... scopes) {
        this.scopes = Set.of(scopes);
    }

    /** Without what {@code admin} includes. */
    public Set<Scope> scopes() {
        return scopes;
    }

    /** As it stands in documents and tokens. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> of(String text) {
        return Arrays.stream(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
