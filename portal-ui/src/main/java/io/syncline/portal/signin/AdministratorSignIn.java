package io.syncline.portal.signin;

import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Judges a sign-in; a wrong name costs the same time and gets the same answer as a wrong password. */
class AdministratorSignIn implements AuthenticationProvider {

    static final String NAME = "admin";
    private static final int LONGEST_NAME = 100;
    // A longer text is no password of ours; hashing megabytes would be a gift to the sender.
    private static final int LONGEST_PASSWORD = 1000;

    private final PasswordEncoder encoder;
    private final String storedHash;
    private final SignInDelays delays;
    private final Clock clock;

    AdministratorSignIn(PasswordEncoder encoder, AdministratorPassword password, SignInDelays delays, Clock clock) {
        this.encoder = encoder;
        this.storedHash = encoded(encoder, password.text());
        this.delays = delays;
        this.clock = clock;
    }

    private static String encoded(PasswordEncoder encoder, String text) {
        var hash = encoder.encode(text);
        if (hash == null) {
            throw new IllegalStateException("the password encoder gave no hash");
        }
        return hash;
    }

    @Override
    public Authentication authenticate(Authentication request) {
        var name = shortened(request.getName());
        var address = address(request);
        var wait = delays.toWait(name, address, clock.instant());
        if (!wait.isZero()) {
            throw new TooManySignInsException(wait);
        }
        var password = request.getCredentials() instanceof String text && text.length() <= LONGEST_PASSWORD ? text : "";
        var passwordFits = encoder.matches(password, storedHash);
        if (!passwordFits || !NAME.equals(name)) {
            delays.failed(name, address, clock.instant());
            throw new BadCredentialsException("Name or password is wrong");
        }
        delays.succeeded(name, address);
        var signedIn = UsernamePasswordAuthenticationToken.authenticated(
                NAME, null, AuthorityUtils.createAuthorityList("ROLE_ADMINISTRATOR"));
        signedIn.setDetails(request.getDetails());
        return signedIn;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private static String shortened(@Nullable String name) {
        return name == null ? "" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }

    private static String address(Authentication request) {
        return request.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
    }
}
