package io.syncline.scheduler.outbound;

/** The platform will not connect there; the message says where and why, for operators. */
final class RefusedDestinationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean notFound;

    private RefusedDestinationException(String message, boolean notFound) {
        super(message);
        this.notFound = notFound;
    }

    static RefusedDestinationException notApproved(String message) {
        return new RefusedDestinationException(message, false);
    }

    static RefusedDestinationException notFound(String message) {
        return new RefusedDestinationException(message, true);
    }

    /** Whether it is the name that leads nowhere, which another instance's may not. */
    boolean isNotFound() {
        return notFound;
    }
}
