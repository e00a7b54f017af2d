package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** A caller whose token was accepted. */
final class CallerAuthentication extends AbstractAuthenticationToken {

    private final transient Caller caller;
    private final @Nullable String session;
    private final transient @Nullable Instant endsAt;

    CallerAuthentication(Caller caller) {
        this(caller, null, null);
    }

    /**
     * @param session the one that the person's token was given out in; null for machines
     * @param endsAt when the token is good no more; null where it does not say or it does not matter
     */
    CallerAuthentication(Caller caller, @Nullable String session, @Nullable Instant endsAt) {
        super(List.of());
        this.caller = caller;
        this.session = session;
        this.endsAt = endsAt;
        setAuthenticated(true);
    }

    @Nullable
    String session() {
        return session;
    }

    @Nullable
    Instant endsAt() {
        return endsAt;
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
