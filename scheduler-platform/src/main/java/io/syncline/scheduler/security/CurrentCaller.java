package io.syncline.scheduler.security;

import java.util.Optional;

/** Who makes the request that this thread answers, for code that no controller has told. */
public final class CurrentCaller {

    private CurrentCaller() {}

    /** Empty where the platform acts by itself. */
    public static Optional<Caller> find() {
        return RouteFilter.caller();
    }
}
