package io.syncline.portal.platform;

import org.jspecify.annotations.Nullable;

/** The person's session at the platform is over; only signing in again helps. */
public final class SessionEndedException extends RuntimeException {

    public SessionEndedException(@Nullable Throwable cause) {
        super("the session at the platform has ended", cause);
    }
}
