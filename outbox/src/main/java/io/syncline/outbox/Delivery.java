package io.syncline.outbox;

/** Brings messages of one kind to their receiver. */
public interface Delivery {

    /** The kind of messages that it takes. */
    String kind();

    /**
     * Delivers once, outside of any transaction. It must end well within the relay's lease and may be called again for
     * a message that the receiver already has. An exception counts as {@link DeliveryResult.Retry}.
     */
    DeliveryResult deliver(OutboxEntry entry) throws Exception;

    /** When a message is tried again, and when it is given up. */
    default RetryRules retryRules() {
        return RetryRules.standard();
    }
}
