package io.syncline.client;

import org.jspecify.annotations.Nullable;

/** The platform gave no access token. */
public class TokenUnavailableException extends RuntimeException {

    public TokenUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
