package io.syncline.scheduler.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The operations portal as the platform knows it ({@code SYNCLINE_PORTAL_CLIENT_ID}).
 *
 * @param clientId the key of the one client that may open sessions for people
 */
@ConfigurationProperties("syncline.portal")
record PortalProperties(@DefaultValue("portal") String clientId) {

    PortalProperties {
        if (!Keys.isKey(clientId)) {
            throw new IllegalArgumentException("syncline.portal.client-id is the key of a client: " + clientId);
        }
    }
}
