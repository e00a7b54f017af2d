package io.syncline.portal.platform;

import org.jspecify.annotations.Nullable;

/** What was asked for takes a sign-in of a short while ago; nothing was done. Sent again after a sign-in it is judged anew. */
public final class SignInAgainException extends RuntimeException {

    SignInAgainException(@Nullable Throwable cause) {
        super("The sign-in is too long ago for this", cause);
    }
}
