package io.syncline.portal.signin;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The identity provider that people may sign in with; none without an issuer.
 *
 * @param issuerUri as the provider writes it in its tokens; its discovery document is below it. HTTPS, but for loopback
 * @param clientId the portal's client at the provider, the audience of its id tokens
 * @param clientSecret the secret of that client
 * @param scopes asked for; {@code openid} is always one of them
 * @param name on the button, after "Sign in with"
 */
@ConfigurationProperties("syncline.portal.oidc")
record OidcProperties(
        @Nullable URI issuerUri,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue({"openid", "profile", "email"}) List<String> scopes,
        @DefaultValue("single sign-on") String name) {

    OidcProperties {
        scopes = List.copyOf(scopes);
        var set = isSet(issuerUri == null ? null : issuerUri.toString());
        if (set != isSet(clientId) || set != isSet(clientSecret)) {
            throw new IllegalArgumentException(
                    "syncline.portal.oidc needs issuer-uri, client-id and client-secret, or none of them");
        }
        if (set) {
            requireSafe(issuerUri);
            if (!scopes.contains("openid")) {
                throw new IllegalArgumentException("syncline.portal.oidc.scopes must contain openid: " + scopes);
            }
        }
    }

    boolean isEnabled() {
        return issuerUri != null && isSet(issuerUri.toString());
    }

    /** Refuses an address that anybody on the way could answer for. */
    static void requireSafe(@Nullable URI address) {
        var scheme = address == null ? null : address.getScheme();
        var host = address == null ? null : address.getHost();
        var loopback = "127.0.0.1".equals(host) || "localhost".equals(host) || "[::1]".equals(host);
        if (host == null || !("https".equals(scheme) || "http".equals(scheme) && loopback)) {
            throw new IllegalArgumentException("an identity provider is reached over https: " + address);
        }
    }

    private static boolean isSet(@Nullable String text) {
        return text != null && !text.isBlank();
    }

    @Override
    public String toString() {
        return "OidcProperties[issuerUri=%s, clientId=%s, clientSecret=%s, scopes=%s, name=%s]"
                .formatted(issuerUri, clientId, clientSecret == null ? "none" : "hidden", scopes, name);
    }
}
