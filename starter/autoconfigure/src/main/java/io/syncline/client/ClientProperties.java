package io.syncline.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
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

    /**
     * A route that takes access tokens.
     *
     * @param pattern path pattern, such as /datasets/**
     * @param method HTTP method; every method unless said
     * @param scope what the token must carry, such as data:read
     */
    public record ApiPath(String pattern, @Nullable String method, String scope) {

        @SuppressWarnings("NullAway") // what is bound may lack what its type promises
        public ApiPath {
            if (pattern == null || !pattern.startsWith("/")) {
                throw StartRefusedException.property(
                        "syncline.client.api-paths[].pattern", pattern, "a path pattern such as /plans/**");
            }
            if (scope == null || scope.isBlank()) {
                throw new StartRefusedException(
                        "The route " + pattern + " of syncline.client.api-paths has no scope, so nobody could call it.",
                        "Give it a scope such as data:read, or move it to syncline.client.public-paths.");
            }
        }
    }

    private static final Pattern KEY = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public ClientProperties {
        requireWeb("syncline.client.platform-url", platformUrl);
        requireWeb("syncline.client.jwks-url", jwksUrl);
        if (platformUrl != null && (platformUrl.getQuery() != null || platformUrl.getFragment() != null)) {
            throw StartRefusedException.property(
                    "syncline.client.platform-url", platformUrl, "the platform's public URL without query or fragment");
        }
        if (system != null && !system.isBlank() && (!KEY.matcher(system).matches() || system.equals("syncline"))) {
            throw StartRefusedException.property(
                    "syncline.client.system",
                    system,
                    "the key of a system at the platform: at most 63 small letters, digits and hyphens, not syncline");
        }
        if (verifiedTokens < 0 || verifiedTokens > 10_000) {
            throw StartRefusedException.property("syncline.client.verified-tokens", verifiedTokens, "0 to 10000");
        }
        requireResolved("syncline.client.client-id", clientId);
        requireResolved("syncline.client.client-secret", clientSecret);
        requireResolved("syncline.client.issuer", issuer);
        requirePositive("syncline.client.connect-timeout", connectTimeout);
        requirePositive("syncline.client.read-timeout", readTimeout);
    }

    private static void requireWeb(String name, @Nullable URI url) {
        if (url == null) {
            return;
        }
        boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!web || url.getHost() == null || url.getUserInfo() != null) {
            // Not shown: a URL with a user may hold a password.
            throw new StartRefusedException(
                    "The property " + name + " is no http or https URL with a host and without a user.",
                    "Correct " + name + "; an example is https://syncline.example.com.");
        }
    }

    /** The framework leaves a variable that is not set as it is written, and the platform would refuse it later. */
    private static void requireResolved(String name, @Nullable String value) {
        if (value != null && value.contains("${")) {
            throw new StartRefusedException(
                    "The property " + name + " names a variable that is not set.",
                    "Set the variable in the environment of the service, or the property itself.");
        }
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw StartRefusedException.property(name, duration, "a duration above zero such as 3s");
        }
    }

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
