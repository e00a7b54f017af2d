package io.syncline.scheduler.alert;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When people are told of what.
 *
 * @param tick how often each node looks for signals; an incident stands within a few ticks
 * @param groupWait from the first signal of an incident to its first message, so that what fails together is told together
 * @param groupInterval between two messages of one incident while more joins it
 * @param groupWindow after the last signal; what comes later with the same cause is another incident
 * @param closeAfter without a new signal, after which an incident that nobody cured is closed
 * @param keepClosed from the close of an incident to its deletion
 * @param queueBacklogAfter how long the oldest due work of a system may wait
 * @param credentialExpiresWithin before the end of a credential, when it is told
 * @param defaultChannels who is told of failures that no rule of their group takes
 * @param platformChannels who is told of what belongs to no group; empty: the default channels
 * @param runLink the address of a run for people, with {@code {runId}} in it; null: the API's under the public URL
 */
@ConfigurationProperties("syncline.alerts")
record AlertProperties(
        @DefaultValue("1s") Duration tick,
        @DefaultValue("3s") Duration groupWait,
        @DefaultValue("1m") Duration groupInterval,
        @DefaultValue("1h") Duration groupWindow,
        @DefaultValue("7d") Duration closeAfter,
        @DefaultValue("90d") Duration keepClosed,
        @DefaultValue("5m") Duration queueBacklogAfter,
        @DefaultValue("14d") Duration credentialExpiresWithin,
        @DefaultValue List<String> defaultChannels,
        @DefaultValue List<String> platformChannels,
        @Nullable String runLink) {

    AlertProperties {
        defaultChannels = List.copyOf(defaultChannels);
        platformChannels = List.copyOf(platformChannels.isEmpty() ? defaultChannels : platformChannels);
    }

    static AlertProperties standard() {
        return new AlertProperties(
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                Duration.ofDays(7),
                Duration.ofDays(90),
                Duration.ofMinutes(5),
                Duration.ofDays(14),
                List.of(),
                List.of(),
                null);
    }
}
