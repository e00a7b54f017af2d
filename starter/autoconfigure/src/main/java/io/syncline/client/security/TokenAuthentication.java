package io.syncline.client.security;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller with a good token; its authorities are {@code SCOPE_…}. The token itself is not kept. */
final class TokenAuthentication extends AbstractAuthenticationToken {

    private final transient PlatformToken token;

    TokenAuthentication(PlatformToken token) {
        super(token.scopes().stream()
                .map(scope -> new SimpleGrantedAuthority("SCOPE_" + scope))
                .collect(Collectors.toList()));
        this.token = token;
        setAuthenticated(true);
    }

    PlatformToken token() {
        return token;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return token.subject();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other) && other instanceof TokenAuthentication that && token.equals(that.token);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + token.hashCode();
    }
}
