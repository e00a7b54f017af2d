package io.syncline.scheduler.alert;

import io.syncline.outbox.Delivery;
import io.syncline.outbox.DeliveryResult;
import io.syncline.outbox.OutboxEntry;
import io.syncline.outbox.RetryRules;
import io.syncline.scheduler.catalog.Channel;
import io.syncline.scheduler.catalog.ChannelType;
import io.syncline.scheduler.catalog.Channels;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;

/** Brings the messages of the outbox to their channels and notes beside their incident what became of them. */
class AlertDelivery implements Delivery {

    private static final RetryRules RULES =
            new RetryRules(Duration.ofSeconds(1), Duration.ofMinutes(1), Integer.MAX_VALUE, Duration.ofDays(3));

    private final Messages messages;
    private final Channels channels;
    private final ChannelSender mail;
    private final ChannelSender http;
    private final JdbcIncidents incidents;
    private final DatabaseClock clock;

    AlertDelivery(
            Messages messages,
            Channels channels,
            ChannelSender mail,
            ChannelSender http,
            JdbcIncidents incidents,
            DatabaseClock clock) {
        this.messages = messages;
        this.channels = channels;
        this.mail = mail;
        this.http = http;
        this.incidents = incidents;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Messages.KIND;
    }

    @Override
    public RetryRules retryRules() {
        return RULES;
    }

    @Override
    public DeliveryResult deliver(OutboxEntry entry) {
        var key = String.valueOf(entry.message().target());
        var notice = messages.read(entry.message().payload());
        var result = channels.find(key)
                .map(channel -> send(channel, notice))
                .orElseGet(() -> DeliveryResult.dead("there is no channel '" + key + "'"));
        if (result instanceof DeliveryResult.Delivered) {
            incidents.delivered(notice.messageId(), entry.deliveries(), clock.now());
        } else {
            incidents.notDelivered(notice.messageId(), entry.deliveries(), cause(result));
        }
        return result;
    }

    DeliveryResult send(Channel channel, Notice notice) {
        var trouble = channel.trouble();
        if (trouble != null) {
            return DeliveryResult.retry("the channel '" + channel.key() + "' cannot be used: " + trouble);
        }
        return (channel.type() == ChannelType.EMAIL ? mail : http).send(channel, notice);
    }

    static String cause(DeliveryResult result) {
        if (result instanceof DeliveryResult.Retry retry) {
            return retry.cause();
        }
        return result instanceof DeliveryResult.Dead dead ? dead.cause() : "";
    }
}
