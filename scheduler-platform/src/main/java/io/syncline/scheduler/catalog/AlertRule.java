package io.syncline.scheduler.catalog;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which conditions of a group are told over which channels.
 *
 * @param threshold how much of it there must be before anybody is told; null: the first is enough
 * @param escalate who is told when nobody has taken it up; null: nobody
 */
public record AlertRule(
        List<AlertCondition> when,
        List<String> channels,
        @Nullable Threshold threshold,
        @Nullable Escalation escalate) {

    public AlertRule {
        when = List.copyOf(when);
        channels = List.copyOf(channels);
    }

    public AlertRule(List<AlertCondition> when, List<String> channels) {
        this(when, channels, null, null);
    }

    /** So many signals of one incident, no further apart than {@code within}. */
    public record Threshold(int count, Duration within) {}

    /** @param after from the first message until the incident is acknowledged */
    public record Escalation(Duration after, List<String> channels) {

        public Escalation {
            channels = List.copyOf(channels);
        }
    }

    /** A rule for FAILED takes every way to fail. */
    public boolean takes(AlertCondition condition) {
        return when.contains(condition) || (condition.isFailure() && when.contains(AlertCondition.FAILED));
    }
}
