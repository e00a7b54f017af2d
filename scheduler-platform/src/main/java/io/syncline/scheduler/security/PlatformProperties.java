package io.syncline.scheduler.security;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * How the platform is reached ({@code SYNCLINE_PUBLIC_URL}).
 *
 * @param publicUrl the address under which callers and downstreams reach it, the same on all nodes: issuer of all tokens and
 *     base of callback addresses; without a slash at the end
 */
@ConfigurationProperties("syncline")
public record PlatformProperties(String publicUrl) {

    public PlatformProperties {
        while (publicUrl.endsWith("/")) {
            publicUrl = publicUrl.substring(0, publicUrl.length() - 1);
        }
        var address = URI.create(publicUrl);
        var scheme = address.getScheme();
        if (scheme == null
                || !(scheme.equals("http") || scheme.equals("https"))
                || address.getHost() == null
                || address.getUserInfo() != null
                || address.getQuery() != null
                || address.getFragment() != null) {
            throw new IllegalArgumentException(
                    "SYNCLINE_PUBLIC_URL is an http or https address such as https://sync.example.com: " + publicUrl);
        }
    }
}
