package io.syncline.scheduler.security;

import java.util.function.BooleanSupplier;

/** A caller whose answer goes on after the request: how long it may. */
public final class Admission {

    private final Caller caller;
    private final BooleanSupplier stands;

    /** @param stands asked again and again, on any thread; must not take long */
    public Admission(Caller caller, BooleanSupplier stands) {
        this.caller = caller;
        this.stands = stands;
    }

    public Caller caller() {
        return caller;
    }

    /** Whether the token is still good, and its owner may still do and reach what they could when they came. */
    public boolean stands() {
        return stands.getAsBoolean();
    }
}
