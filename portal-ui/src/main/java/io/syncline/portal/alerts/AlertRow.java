package io.syncline.portal.alerts;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import io.syncline.portal.page.Numbers;
import io.syncline.portal.page.StateMark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An alert as a row of the list, and as the head of its own page.
 *
 * @param howMany in words
 * @param silencedUntil nobody is told anything new before
 */
record AlertRow(
        String alertId,
        StateMark mark,
        String condition,
        String title,
        String cause,
        @Nullable String system,
        List<String> groups,
        int moreGroups,
        List<String> labels,
        String howMany,
        List<String> channels,
        Moment opened,
        Moment lastSignal,
        @Nullable Moment closed,
        @Nullable Moment silencedUntil,
        @Nullable String acknowledgedBy,
        @Nullable Moment acknowledgedAt,
        @Nullable String note,
        boolean canAcknowledge,
        boolean canResend) {

    static AlertRow of(AlertView alert, Moments moments) {
        var taken = alert.acknowledged();
        return new AlertRow(
                alert.alertId(),
                AlertMarks.ofAlert(alert.state()),
                alert.condition(),
                alert.title(),
                alert.cause(),
                alert.system(),
                alert.groups(),
                Math.max(0, alert.groupCount() - alert.groups().size()),
                alert.labels(),
                alert.isFiring()
                        ? "%s, %s still".formatted(times(alert.count()), Numbers.grouped((long) alert.standing()))
                        : times(alert.count()),
                alert.channels(),
                moments.of(alert.openedAt()),
                moments.of(alert.lastSignalAt()),
                moments.orNull(alert.closedAt()),
                moments.orNull(alert.silencedUntil()),
                taken == null ? null : taken.by(),
                taken == null ? null : moments.of(taken.at()),
                taken == null ? null : taken.reason(),
                alert.allowedActions().contains("acknowledge"),
                alert.allowedActions().contains("resend"));
    }

    private static String times(int count) {
        return Numbers.counted(count, "time", "times");
    }
}
