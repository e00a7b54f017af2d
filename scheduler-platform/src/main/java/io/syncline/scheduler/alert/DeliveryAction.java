package io.syncline.scheduler.alert;

import java.util.List;

/**
 * What was done, or would be, to messages that were given up.
 *
 * @param left those to which it was not done
 */
public record DeliveryAction(boolean dryRun, List<Done> messages, List<Left> left) {

    /** @param messageId as it was asked for; what is sent may carry another one, if the outbox has forgotten it */
    public record Done(String messageId, String alertId, String channel, String kind) {}

    /** @param reason NOT_FOUND, NOT_DEAD or OVER */
    public record Left(String messageId, String reason, String detail) {}
}
