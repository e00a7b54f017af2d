package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule that takes an incident, and what its channels have been told.
 *
 * @param threshold 0: the first signal is enough
 * @param toldAt when they were told last; null: never
 * @param firstToldAt when they were told first
 * @param toldCount of how much
 */
record IncidentRoute(
        List<String> channels,
        int threshold,
        @Nullable Duration within,
        @Nullable Duration escalateAfter,
        List<String> escalateTo,
        @Nullable Instant firstToldAt,
        @Nullable Instant toldAt,
        int toldCount,
        @Nullable Instant escalatedAt) {

    IncidentRoute {
        channels = List.copyOf(channels);
        escalateTo = List.copyOf(escalateTo);
    }

    static IncidentRoute to(List<String> channels) {
        return new IncidentRoute(channels, 0, null, null, List.of(), null, null, 0, null);
    }

    static IncidentRoute of(AlertRule rule) {
        var threshold = rule.threshold();
        var escalate = rule.escalate();
        return new IncidentRoute(
                rule.channels(),
                threshold == null ? 0 : threshold.count(),
                threshold == null ? null : threshold.within(),
                escalate == null ? null : escalate.after(),
                escalate == null ? List.of() : escalate.channels(),
                null,
                null,
                0,
                null);
    }

    IncidentRoute told(Instant now, int count) {
        return new IncidentRoute(
                channels,
                threshold,
                within,
                escalateAfter,
                escalateTo,
                firstToldAt == null ? now : firstToldAt,
                now,
                count,
                escalatedAt);
    }

    IncidentRoute escalated(Instant now) {
        return new IncidentRoute(
                channels, threshold, within, escalateAfter, escalateTo, firstToldAt, toldAt, toldCount, now);
    }
}
