package io.syncline.provider.push;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How changes are pushed to subscribers.
 *
 * @param enabled whether this instance stores and sends deliveries
 * @param allowHttp whether endpoints may be without TLS
 * @param allowedNetworks networks such as {@code 10.1.0.0/16} that may be called besides the public one
 * @param key base64 of the 32 bytes that seal the secrets; several, apart by commas, the newest first: it seals, the others
 *     still open; null: they are in a file under {@code syncline.home}
 * @param schedule pauses after the first, second, … failed delivery, each ±20 %; after the last one the delivery is dead
 * @param timeout from the look-up of the endpoint to the end of its answer
 * @param overlap how long a replaced secret still signs
 * @param giveUpAfter so long without any success, failures alone, and the subscription is disabled
 * @param poll how often it is looked for changes that other instances numbered
 * @param batch changes stored for a subscription in one transaction
 * @param concurrency deliveries at the same time
 */
@ConfigurationProperties("syncline.provider.push")
record PushProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("false") boolean allowHttp,
        @DefaultValue List<String> allowedNetworks,
        @Nullable String key,

        @DefaultValue({"5s", "5m", "30m", "2h", "5h", "10h", "14h", "20h", "24h"})
        List<Duration> schedule,

        @DefaultValue("15s") Duration timeout,
        @DefaultValue("24h") Duration overlap,
        @DefaultValue("5d") Duration giveUpAfter,
        @DefaultValue("500ms") Duration poll,
        @DefaultValue("200") int batch,
        @DefaultValue("16") int concurrency) {

    PushProperties {
        if (schedule.isEmpty() || schedule.stream().anyMatch(pause -> pause.toMillis() < 1)) {
            throw new IllegalArgumentException("syncline.provider.push.schedule has pauses of 1 ms or more");
        }
        if (timeout.toMillis() < 1 || poll.toMillis() < 1 || giveUpAfter.toMillis() < 1 || overlap.isNegative()) {
            throw new IllegalArgumentException("the times under syncline.provider.push are 1 ms or more");
        }
        if (batch < 1 || concurrency < 1) {
            throw new IllegalArgumentException("the bounds under syncline.provider.push are all above zero");
        }
    }
}
