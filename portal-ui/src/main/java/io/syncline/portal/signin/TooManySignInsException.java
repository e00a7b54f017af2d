package io.syncline.portal.signin;

import java.time.Duration;
import org.springframework.security.core.AuthenticationException;

/** A try came before its delay was over; the password was not looked at. */
class TooManySignInsException extends AuthenticationException {

    private final Duration retryAfter;

    TooManySignInsException(Duration retryAfter) {
        super("Too many failed sign-ins");
        this.retryAfter = retryAfter;
    }

    /** Whole seconds, rounded up. */
    long retryAfterSeconds() {
        return retryAfter.plusMillis(999).toSeconds();
    }
}
