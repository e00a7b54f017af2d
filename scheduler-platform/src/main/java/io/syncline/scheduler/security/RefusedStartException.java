package io.syncline.scheduler.security;

/** The configuration is unsafe or incomplete; the platform does not start with it. */
final class RefusedStartException extends RuntimeException {

    private final String action;

    RefusedStartException(String what, String action) {
        super(what);
        this.action = action;
    }

    String action() {
        return action;
    }
}
