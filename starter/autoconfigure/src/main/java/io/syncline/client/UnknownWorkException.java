package io.syncline.client;

/** A report for a key under which no sync call was ever accepted here. */
public class UnknownWorkException extends RuntimeException {

    private final String idempotencyKey;

    public UnknownWorkException(String idempotencyKey) {
        super("no sync call was accepted under the key " + idempotencyKey);
        this.idempotencyKey = idempotencyKey;
    }

    public String idempotencyKey() {
        return idempotencyKey;
    }
}
