package io.syncline.portal.alerts;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.StateMark;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the channels do, and what was given up by its cause, as the platform answers it.
 *
 * @param complete false: the numbers are the least
 */
record DeliverySummary(List<Channel> channels, List<Dead> dead, boolean complete) {

    record Channel(
            String channel,
            int sent,
            int waiting,
            int dead,
            @Nullable Instant lastSentAt,
            @Nullable Instant oldestWaitingAt,
            @Nullable Instant nextAt,
            @Nullable String lastCause) {

        ChannelRow row(Moments moments) {
            return new ChannelRow(
                    AlertMarks.ofChannel(waiting, dead),
                    channel,
                    sent,
                    waiting,
                    dead,
                    moments.orNull(lastSentAt),
                    moments.orNull(oldestWaitingAt),
                    moments.orNull(nextAt),
                    lastCause);
        }
    }

    record ChannelRow(
            StateMark mark,
            String channel,
            int sent,
            int waiting,
            int dead,
            @Nullable Moment lastSent,
            @Nullable Moment oldestWaiting,
            @Nullable Moment next,
            @Nullable String lastCause) {}

    /** @param cause empty: none was noted */
    record Dead(
            String channel,
            String cause,
            int count,
            int resendable,
            Instant firstAt,
            Instant lastAt,
            DeliveryView newest) {

        DeadRow row(Moments moments) {
            var of = new LinkedHashMap<>(Map.of("channel", channel));
            if (!cause.isBlank()) {
                of.put("lastCause", cause);
            }
            var listed = new LinkedHashMap<>(of);
            listed.put("state", DeliveryFilter.DEAD);
            return new DeadRow(
                    "dead-" + Integer.toHexString((channel + "\n" + cause).hashCode()),
                    channel,
                    cause.isBlank() ? "no cause was noted" : cause,
                    count,
                    resendable,
                    moments.of(firstAt),
                    moments.of(lastAt),
                    newest.row(moments),
                    DeliveryFilter.address("/delivery/messages", listed),
                    DeliveryFilter.address("/delivery/resend", of),
                    DeliveryFilter.address("/delivery/discard", of));
        }
    }

    /**
     * @param list address of all of them
     * @param resend address of the question before they are sent again
     * @param discard address of the question before they are discarded
     */
    record DeadRow(
            String id,
            String channel,
            String cause,
            int count,
            int resendable,
            Moment first,
            Moment last,
            DeliveryView.Row newest,
            String list,
            String resend,
            String discard) {}
}
