package io.syncline.scheduler.security;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller whose token was accepted. */
final class CallerAuthentication extends AbstractAuthenticationToken {

    private final transient Caller caller;
    private final @Nullable String session;

    CallerAuthentication(Caller caller) {
        this(caller, null);
    }

    /** @param session the one that the person's token was given out in; null for machines */
    CallerAuthentication(Caller caller, @Nullable String session) {
        super(List.of());
        this.caller = caller;
        this.session = session;
        setAuthenticated(true);
    }

    @Nullable
    String session() {
        return session;
    }

    Caller caller() {
        return caller;
    }

    @Override
    public Object getPrincipal() {
        return caller;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return caller.subject();
    }
}
