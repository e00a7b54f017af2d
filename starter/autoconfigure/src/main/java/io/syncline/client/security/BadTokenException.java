package io.syncline.client.security;

/** A token that is refused; the message may be shown to the caller. */
class BadTokenException extends Exception {

    BadTokenException(String message) {
        super(message);
    }
}
