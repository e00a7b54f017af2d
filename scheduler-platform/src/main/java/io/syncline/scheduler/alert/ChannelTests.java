package io.syncline.scheduler.alert;

import io.syncline.outbox.DeliveryResult;
import io.syncline.scheduler.catalog.ChannelCatalog;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Sends a test message over a channel at once, past the outbox; ends within 15 s. */
@Service
public class ChannelTests {

    private final ChannelCatalog channels;
    private final AlertDelivery delivery;
    private final Messages messages;
    private final DatabaseClock clock;

    ChannelTests(ChannelCatalog channels, AlertDelivery delivery, Messages messages, DatabaseClock clock) {
        this.channels = channels;
        this.delivery = delivery;
        this.messages = messages;
        this.clock = clock;
    }

    /** @param status OK or FAILED */
    public record Result(
            String channel,
            String type,
            String status,
            @Nullable String detail,
            long tookMs) {}

    /** @throws ProblemException 404 */
    public Result run(String key, String by, Labels labels) {
        var channel = channels.open(key, labels);
        var startedAt = System.nanoTime();
        var result = delivery.send(channel, messages.test(key, by, clock.now()));
        boolean delivered = result instanceof DeliveryResult.Delivered;
        return new Result(
                key,
                channel.type().wire(),
                delivered ? "OK" : "FAILED",
                delivered ? null : AlertDelivery.cause(result),
                Duration.ofNanos(System.nanoTime() - startedAt).toMillis());
    }
}
