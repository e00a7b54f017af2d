package io.syncline.portal.platform;

import org.jspecify.annotations.Nullable;

/** From where somebody signs in, for the platform's delays and its list of sessions. */
public record Visitor(
        @Nullable String remoteAddress, @Nullable String userAgent) {

    private static final int LONGEST = 300;

    public Visitor {
        if (userAgent != null && userAgent.length() > LONGEST) {
            userAgent = userAgent.substring(0, LONGEST);
        }
    }
}
