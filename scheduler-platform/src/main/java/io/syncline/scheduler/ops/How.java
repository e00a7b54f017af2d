package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.CurrentCaller;

/** By what road an audited action came. */
enum How {
    /** A machine's call. */
    API,
    /** A call of a person, which only the portal makes. */
    PORTAL,
    /** Files that were applied. */
    PLAN,
    /** A job over many objects. */
    BULK,
    /** The platform by itself. */
    SYSTEM;

    /** The road of the call that this thread answers. */
    static How ofThisCall() {
        return CurrentCaller.find()
                .map(caller -> caller.person() == null ? API : PORTAL)
                .orElse(SYSTEM);
    }
}
