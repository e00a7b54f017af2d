package io.syncline.consumer.changes;

/** A change that can never be applied as it is; it is parked and holds nothing up. */
public final class UnusableChangeException extends RuntimeException {

    public UnusableChangeException(String reason) {
        super(reason);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
