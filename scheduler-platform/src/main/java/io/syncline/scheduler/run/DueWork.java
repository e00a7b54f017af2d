package io.syncline.scheduler.run;

import java.time.Duration;
import java.util.Map;

/**
 * Published when task runs became due, or will be so shortly; to be heard after the commit.
 *
 * @param systems how long from now until the first work of each system is due, zero for at once; never longer than
 *     {@link #SHORTLY}
 */
public record DueWork(Map<String, Duration> systems) {

    /** Work that is due later than this is left to the poll and to time. */
    public static final Duration SHORTLY = Duration.ofSeconds(1);

    public DueWork {
        systems = Map.copyOf(systems);
    }
}
