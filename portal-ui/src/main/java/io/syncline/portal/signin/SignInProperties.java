package io.syncline.portal.signin;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How people sign in.
 *
 * @param adminPassword the administrator's password, 12 characters or more; without it one is generated at each start
 *     and printed once
 * @param https whether people reach the portal over HTTPS: the session cookie is then {@code Secure} and bound to the
 *     host, and browsers are told to stay on HTTPS
 * @param maxSession from sign-in to the forced sign-out, however busy the session is
 */
@ConfigurationProperties("syncline.portal")
record SignInProperties(
        @Nullable String adminPassword,
        @DefaultValue("false") boolean https,
        @DefaultValue("8h") Duration maxSession) {

    @Override
    public String toString() {
        return "SignInProperties[adminPassword=%s, https=%s, maxSession=%s]"
                .formatted(adminPassword == null ? "none" : "hidden", https, maxSession);
    }
}
