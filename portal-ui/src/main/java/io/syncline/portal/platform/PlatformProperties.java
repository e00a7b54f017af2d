package io.syncline.portal.platform;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the platform is and as whom the portal calls it.
 *
 * @param platformUrl origin of the platform's API, without a path
 * @param clientId the portal's client there, through which people sign in
 * @param clientSecret the secret of that client; without it the pages say that the portal is not connected
 * @param connectTimeout from the start of a connection to its acceptance
 * @param answerTimeout from the request sent to the end of the answer
 * @param testTimeout the same where the platform calls another system first; its own tests end within 15 s
 */
@ConfigurationProperties("syncline.portal")
record PlatformProperties(
        @DefaultValue("http://127.0.0.1:8080") URI platformUrl,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue("2s") Duration connectTimeout,
        @DefaultValue("5s") Duration answerTimeout,
        @DefaultValue("20s") Duration testTimeout) {

    @Override
    public String toString() {
        return "PlatformProperties[platformUrl=%s, clientId=%s, clientSecret=%s]"
                .formatted(platformUrl, clientId, clientSecret == null ? "none" : "hidden");
    }
}
