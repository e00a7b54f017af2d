package io.syncline.portal.platform;

import java.time.Duration;

/** What came of a try to sign in. */
public sealed interface SignIn {

    record Opened(PersonSession session) implements SignIn {}

    /** Name or password is wrong; the platform does not say which. */
    record Wrong() implements SignIn {}

    /** Too many failures; nothing was looked at. */
    record LockedOut(Duration retryAfter) implements SignIn {}

    /** The platform knows who it is and does not let them in, in its own words. */
    record Refused(String words) implements SignIn {}
}
