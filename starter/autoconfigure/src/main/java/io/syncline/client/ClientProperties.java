package io.syncline.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this service and the platform know each other.
 *
 * @param enabled whether the starter does anything at all
 * @param platformUrl the platform's public URL, without a path at its end, such as https://syncline.example.com
 * @param clientId this service's client at the platform; needed to send trigger messages and to fetch tokens
 * @param clientSecret the secret of that client
 * @param system this service's system key: the audience that the platform's calls must name; needed with sync tasks
 * @param issuer who signs the platform's tokens; the platform's URL unless said
 * @param jwksUrl where the platform's public keys are; {platform-url}/.well-known/jwks.json unless said
 * @param connectTimeout from the first packet to the open connection of each call to the platform
 * @param readTimeout from the sent request to the end of the answer of each call to the platform; shorter than the
 *     outbox's lease
 * @param securityEnabled whether the starter secures this service's routes; if not, the service has its own filter chain
 * @param apiPaths routes that take access tokens of the platform's API; a route that is not declared is closed
 * @param publicPaths route patterns that are open to everybody, besides health and the API's description
 * @param verifiedTokens of so many tokens it is remembered, until they end, that their signature is good; 0 to 10,000, 0:
 *     each request has its signature checked
 */
@ConfigurationProperties("syncline.client")
public record ClientProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable URI platformUrl,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable String system,
        @Nullable String issuer,
        @Nullable URI jwksUrl,
        @DefaultValue("3s") Duration connectTimeout,
        @DefaultValue("10s") Duration readTimeout,
        @DefaultValue("true") boolean securityEnabled,
        @DefaultValue List<ApiPath> apiPaths,
        @DefaultValue List<String> publicPaths,
        @DefaultValue("1000") int verifiedTokens) {

    public ClientProperties {
        if (verifiedTokens < 0 || verifiedTokens > 10_000) {
            throw new IllegalArgumentException("syncline.client.verified-tokens is 0 to 10000: " + verifiedTokens);
        }
    }

    /**
     * A route that takes access tokens.
     *
     * @param pattern path pattern, such as /datasets/**
     * @param method HTTP method; every method unless said
     * @param scope what the token must carry, such as data:read
     */
    public record ApiPath(String pattern, @Nullable String method, String scope) {}

    /** @throws MissingPropertyException when it is not configured */
    public String requiredPlatformUrl() {
        var url = required("platform-url", platformUrl == null ? null : platformUrl.toString());
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    public String requiredClientId() {
        return required("client-id", clientId);
    }

    public String requiredClientSecret() {
        return required("client-secret", clientSecret);
    }

    public String requiredSystem() {
        return required("system", system);
    }

    /** The configured issuer, else the platform's URL. */
    public String effectiveIssuer() {
        return issuer == null || issuer.isBlank() ? requiredPlatformUrl() : issuer;
    }

    /** The configured address of the keys, else the platform's own. */
    public String effectiveJwksUrl() {
        return jwksUrl == null ? requiredPlatformUrl() + "/.well-known/jwks.json" : jwksUrl.toString();
    }

    private static String required(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new MissingPropertyException("syncline.client." + name);
        }
        return value;
    }

    @Override
    public String toString() {
        return "ClientProperties[platformUrl=" + platformUrl + ", clientId=" + clientId + ", system=" + system + "]";
    }
}
