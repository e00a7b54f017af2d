package io.syncline.portal.settings;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What somebody may do, in words, and with which of the platform's roles it comes. */
enum Right {
    LOOK("Look at runs, triggers and alerts", "runs:read", "viewer", "operator", "editor", "auditor", "admin"),
    LOOK_AT_CONFIGURATION(
            "Look at groups, systems and calendars", "config:read", "viewer", "operator", "editor", "auditor", "admin"),
    OPERATE("Act on runs, start groups, acknowledge and silence alerts", "runs:operate", "operator", "admin"),
    CONFIGURE("Change groups, systems, calendars and channels", "config:write", "editor", "admin"),
    AUDIT("Read the audit log", "audit:read", "auditor", "admin"),
    ADMINISTER("Change people, clients, issuers, keys and destinations", "admin", "admin"),
    PAYLOAD("Read the content of messages and calls", "payload:read");

    static final List<String> ROLES = List.of("viewer", "operator", "editor", "auditor", "admin");

    private final String words;
    private final String scope;
    private final Set<String> roles;

    Right(String words, String scope, String... roles) {
        this.words = words;
        this.scope = scope;
        this.roles = Set.of(roles);
    }

    /** The right as a row: whether each role has it, in the order of {@link #ROLES}, and the person. */
    private Row row(Collection<String> theirs, Collection<String> namedScopes) {
        return new Row(
                words,
                scope,
                ROLES.stream().map(roles::contains).toList(),
                theirs.stream().anyMatch(roles::contains) || namedScopes.contains(scope));
    }

    static List<Row> matrix(Collection<String> roles, Collection<String> namedScopes) {
        return List.of(values()).stream()
                .map(right -> right.row(roles, namedScopes))
                .toList();
    }

    record Row(String words, String scope, List<Boolean> byRole, boolean theirs) {}
}
