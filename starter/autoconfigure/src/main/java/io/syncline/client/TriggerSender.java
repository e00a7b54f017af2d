package io.syncline.client;

/** Tells the platform that data is ready. */
public interface TriggerSender {

    /**
     * Puts the event into the outbox, in the caller's transaction; it reaches the platform after the commit, at least
     * once, in order per partition key.
     *
     * @throws IllegalStateException without a transaction
     */
    void send(TriggerEvent event);
}
