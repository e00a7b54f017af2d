package io.syncline.client;

/** The work is no longer this handler's: another instance took it over, or it has ended. The handler should stop. */
public class WorkTakenOverException extends RuntimeException {

    private final String idempotencyKey;

    public WorkTakenOverException(String idempotencyKey) {
        super("the work of key " + idempotencyKey + " was taken over by another instance or has ended");
        this.idempotencyKey = idempotencyKey;
    }

    public String idempotencyKey() {
        return idempotencyKey;
    }
}
