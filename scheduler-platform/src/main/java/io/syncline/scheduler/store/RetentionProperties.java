package io.syncline.scheduler.store;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long rows are kept; those of open runs always.
 *
 * @param calls from the call; 1 to 3650 days
 * @param callbacks from their receipt; 1 to 3650 days
 * @param journal from the move; 1 to 3650 days
 * @param triggers from the receipt of the message; 35 days, for which copies are found, to 3650
 * @param runs from their end, after which a summary is left; no shorter than any of the others, at most 3650 days
 */
@ConfigurationProperties("syncline.retention")
public record RetentionProperties(
        @DefaultValue("30d") Duration calls,
        @DefaultValue("30d") Duration callbacks,
        @DefaultValue("90d") Duration journal,
        @DefaultValue("35d") Duration triggers,
        @DefaultValue("365d") Duration runs) {

    private static final Duration SHORTEST = Duration.ofDays(1);
    private static final Duration COPIES_FOUND = Duration.ofDays(35);
    private static final Duration LONGEST = Duration.ofDays(3650);

    public RetentionProperties {
        check("calls", calls, SHORTEST);
        check("callbacks", callbacks, SHORTEST);
        check("journal", journal, SHORTEST);
        check("triggers", triggers, COPIES_FOUND);
        var longest = calls;
        for (Duration other : new Duration[] {callbacks, journal, triggers}) {
            longest = other.compareTo(longest) > 0 ? other : longest;
        }
        check("runs", runs, longest);
    }

    private static void check(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("syncline.retention." + name + " is " + least.toDays() + "d to "
                    + LONGEST.toDays() + "d: " + value);
        }
    }
}
