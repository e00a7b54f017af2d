package io.syncline.scheduler.security;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a token may be good for. */
public enum Scope {
    TRIGGERS_WRITE("triggers:write"),
    CALLBACKS_WRITE("callbacks:write"),
    RUNS_READ("runs:read"),
    RUNS_OPERATE("runs:operate"),
    CONFIG_READ("config:read"),
    CONFIG_WRITE("config:write"),
    DATA_READ("data:read"),
    PAYLOAD_READ("payload:read"),
    AUDIT_READ("audit:read"),
    ADMIN("admin");

    private final String text;

    Scope(String text) {
        this.text = text;
    }

    /** As it stands in tokens and documents. */
    public String text() {
        return text;
    }

    public static Optional<Scope> of(String text) {
        return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
    }

    /** The scopes with what they include: admin is all but payload:read, which is only ever given by name. */
    static Set<Scope> withIncluded(Collection<Scope> granted) {
        var all = EnumSet.noneOf(Scope.class);
        all.addAll(granted);
        if (all.contains(ADMIN)) {
            var included = EnumSet.complementOf(EnumSet.of(PAYLOAD_READ));
            all.addAll(included);
        }
        return all;
    }

    @Override
    public String toString() {
        return text;
    }
}
