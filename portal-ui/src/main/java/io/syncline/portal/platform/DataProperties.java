package io.syncline.portal.platform;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the services are that hold data, and as whom the portal asks them.
 *
 * @param providerUrl origin of the data provider's API; without it the page says how to set it
 * @param consumerUrl origin of the data consumer's API
 * @param clientId a client at the platform with the scope {@code runs:read}; another one than the portal's own, which may
 *     open sessions of people
 * @param clientSecret the secret of that client
 * @param answerTimeout from the request sent to the answer; a page waits for no service longer
 */
@ConfigurationProperties("syncline.portal.data")
record DataProperties(
        @Nullable URI providerUrl,
        @Nullable URI consumerUrl,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue("2s") Duration answerTimeout) {

    DataProperties {
        providerUrl = origin("provider-url", providerUrl);
        consumerUrl = origin("consumer-url", consumerUrl);
    }

    /** An empty text is how an environment says that there is none. */
    private static @Nullable URI origin(String name, @Nullable URI url) {
        if (url == null || url.toString().isBlank()) {
            return null;
        }
        boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean isBare = url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
        if (!isHttp || !isBare || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "syncline.portal.data.%s is an http or https address without a name, password or query in it"
                            .formatted(name));
        }
        return url;
    }

    @Override
    public String toString() {
        return "DataProperties[providerUrl=%s, consumerUrl=%s, clientId=%s, clientSecret=%s]"
                .formatted(providerUrl, consumerUrl, clientId, clientSecret == null ? "none" : "hidden");
    }
}
