package io.syncline.scheduler.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the channels do, and what was given up, by its cause.
 *
 * @param complete false: there is more of something than is looked at, and the numbers are the least
 */
public record DeliverySummary(Instant at, List<ChannelLine> channels, List<DeadCause> dead, boolean complete) {

    /**
     * A channel over which something was sent in the last day, waits, or was given up.
     *
     * @param sent in the last day
     * @param nextAt when the first of what waits is tried next
     * @param lastCause why the first of what waits was not delivered, or else the last one that was given up
     */
    public record ChannelLine(
            String channel,
            int sent,
            int waiting,
            int dead,
            @Nullable Instant lastSentAt,
            @Nullable Instant oldestWaitingAt,
            @Nullable Instant nextAt,
            @Nullable String lastCause) {}

    /**
     * Messages that one channel did not take for one reason.
     *
     * @param cause empty: none was noted
     * @param resendable how many of them would be sent again
     * @param newest one of them, to look at
     */
    public record DeadCause(
            String channel,
            String cause,
            int count,
            int resendable,
            Instant firstAt,
            Instant lastAt,
            DeliveryView newest) {

        DeadCause allowing(DeliveryView shown) {
            return new DeadCause(channel, cause, count, resendable, firstAt, lastAt, shown);
        }
    }

    /** For somebody who may only look. */
    public DeliverySummary withoutActions() {
        return new DeliverySummary(
                at,
                channels,
                dead.stream()
                        .map(cause -> cause.allowing(cause.newest().withoutActions()))
                        .toList(),
                complete);
    }
}
