package io.syncline.client.platform;

import io.syncline.client.TriggerSender;
import io.syncline.outbox.Outbox;

/** The sender of trigger messages without the client that delivers them. */
public final class TriggerSenders {

    private TriggerSenders() {}

    public static TriggerSender into(Outbox outbox) {
        return new OutboxTriggerSender(outbox);
    }
}
