package io.syncline.portal.signin;

import io.syncline.portal.platform.PersonSession;
import io.syncline.portal.platform.PlatformException;
import io.syncline.portal.platform.Sessions;
import io.syncline.portal.platform.SignIn;
import io.syncline.portal.platform.Visitor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Lets in whom the platform lets in, by name and password or by an id token that was just verified. */
class PlatformSignIn implements AuthenticationProvider, OAuth2UserService<OidcUserRequest, OidcUser> {

    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_PASSWORD = 1000;

    private final Sessions sessions;

    PlatformSignIn(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Authentication authenticate(Authentication request) {
        var name = request.getName();
        var password = request.getCredentials() instanceof String text ? text : "";
        if (name.isBlank()
                || name.length() > LONGEST_NAME
                || password.isEmpty()
                || password.length() > LONGEST_PASSWORD) {
            throw SignInRefusedException.wrong();
        }
        var session = opened(() -> sessions.open(name, password, visitor()));
        return UsernamePasswordAuthenticationToken.authenticated(
                new PasswordPerson(session), null, authorities(session));
    }

    @Override
    public OidcUser loadUser(OidcUserRequest request) {
        var idToken = request.getIdToken();
        var nonce = idToken.getNonce();
        if (nonce == null) {
            throw SignInRefusedException.byThePlatform("The identity provider's answer holds no nonce.");
        }
        var session = opened(() -> sessions.openByIdToken(idToken.getTokenValue(), nonce, visitor()));
        return new OidcPerson(session, idToken, authorities(session));
    }

    private static PersonSession opened(Supplier<SignIn> attempt) {
        SignIn outcome;
        try {
            outcome = attempt.get();
        } catch (PlatformException trouble) {
            throw SignInRefusedException.trouble(trouble);
        }
        if (outcome instanceof SignIn.Opened opened) {
            return opened.session();
        }
        if (outcome instanceof SignIn.LockedOut lock) {
            throw SignInRefusedException.lockedOut(lock);
        }
        if (outcome instanceof SignIn.Refused refused) {
            throw SignInRefusedException.byThePlatform(refused.words());
        }
        throw SignInRefusedException.wrong();
    }

    private static List<GrantedAuthority> authorities(PersonSession session) {
        return AuthorityUtils.createAuthorityList(session.person().scopes().stream()
                .map(scope -> "SCOPE_" + scope)
                .toList());
    }

    private static Visitor visitor() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? new Visitor(
                        attributes.getRequest().getRemoteAddr(),
                        userAgent(attributes.getRequest().getHeader(HttpHeaders.USER_AGENT)))
                : new Visitor(null, null);
    }

    private static @Nullable String userAgent(@Nullable String header) {
        return header == null || header.isBlank() ? null : header;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
