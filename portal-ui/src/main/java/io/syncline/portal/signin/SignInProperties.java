package io.syncline.portal.signin;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The session of a person.
 *
 * @param https whether people reach the portal over HTTPS: the session cookie is then {@code Secure} and bound to the
 *     host, and browsers are told to stay on HTTPS
 * @param maxSession from sign-in to the forced sign-out, however busy the session is; 15 min to 24 h
 */
@ConfigurationProperties("syncline.portal")
record SignInProperties(
        @DefaultValue("false") boolean https,
        @DefaultValue("8h") Duration maxSession) {

    SignInProperties {
        if (maxSession.compareTo(Duration.ofMinutes(15)) < 0 || maxSession.compareTo(Duration.ofHours(24)) > 0) {
            throw new IllegalArgumentException("syncline.portal.max-session is from 15m to 24h: " + maxSession);
        }
    }
}
