package io.syncline.scheduler.alert;

import java.util.List;

/**
 * What is sent once more.
 *
 * @param messages one of each channel whose last message was given up
 */
public record ResendView(String alertId, boolean dryRun, List<Resent> messages) {

    /** @param messageId the message that was given up; of one that the outbox has forgotten, that of another like it */
    public record Resent(String messageId, String channel, String kind) {}
}
