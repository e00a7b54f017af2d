package io.syncline.scheduler.security;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operations portal as the platform knows it ({@code SYNCLINE_PORTAL_CLIENT_ID}, {@code SYNCLINE_PORTAL_CLIENT_SECRET}).
 *
 * @param clientId the key of the one client that may open sessions for people
 * @param clientSecret what an empty platform makes that client with, 24 characters or more; null: it is made by an administrator
 */
@ConfigurationProperties("syncline.portal")
record PortalProperties(
        @DefaultValue("portal") String clientId, @Nullable String clientSecret) {

    /** An empty variable is one that is not set. */
    PortalProperties {
        clientSecret = clientSecret == null || clientSecret.isEmpty() ? null : clientSecret;
        if (!Keys.isKey(clientId)) {
            throw new IllegalArgumentException("syncline.portal.client-id is the key of a client: " + clientId);
        }
    }

    @Override
    public String toString() {
        return "PortalProperties[" + clientId + "]";
    }
}
