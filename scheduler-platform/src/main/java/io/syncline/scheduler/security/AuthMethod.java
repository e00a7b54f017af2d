package io.syncline.scheduler.security;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a client shows itself at the token endpoint; exactly one way counts ({@code token_endpoint_auth_method}, RFC 7591). */
public enum AuthMethod {
    CLIENT_SECRET_BASIC,
    /** By an assertion signed with a key of its own (RFC 7523); the platform holds no secret of it. */
    PRIVATE_KEY_JWT,
    /** Not at all: it gets no tokens here, and comes by tokens of a trusted issuer or by signed webhooks. */
    NONE;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AuthMethod> of(String text) {
        return Arrays.stream(values())
                .filter(method -> method.text().equals(text))
                .findFirst();
    }
}
