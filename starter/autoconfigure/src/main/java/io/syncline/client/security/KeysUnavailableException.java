package io.syncline.client.security;

import org.springframework.security.core.AuthenticationException;

/** The platform's keys could not be fetched, so nothing can be said about a token: the caller should come again. */
class KeysUnavailableException extends AuthenticationException {

    KeysUnavailableException(String message) {
        super(message);
    }
}
