package io.syncline.scheduler.outbound;

import io.syncline.scheduler.security.PlatformTokens;
import io.syncline.scheduler.security.TokenShape;

/** Platform tokens where a test looks at something else. */
public final class SameToken implements PlatformTokens {

    @Override
    public String forSystem(String systemKey) {
        return "token";
    }

    @Override
    public String forSystem(String systemKey, TokenShape shape) {
        return "token";
    }

    @Override
    public void forget(String systemKey) {}

    @Override
    public String publicUrl() {
        return "http://localhost";
    }
}
