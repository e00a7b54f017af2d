package io.syncline.portal.schedule;

import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One fire time to come.
 *
 * @param local the same moment in the schedule's zone
 * @param held its group is paused: the run waits until it is resumed
 */
record FireRow(
        Moment at,
        String group,
        String local,
        String zone,
        String cron,
        @Nullable String calendar,
        String policy,
        boolean held) {

    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    /** The soonest, of all groups. */
    static List<FireRow> of(ScheduleView schedule, int most, Moments moments) {
        var paused = schedule.paused().stream().map(ScheduleView.Paused::group).collect(Collectors.toSet());
        return schedule.groups().stream()
                .flatMap(group -> group.fires().stream().map(at -> new Fire(at, group)))
                .sorted(Comparator.comparing(Fire::at))
                .limit(most)
                .map(fire -> fire.row(paused, moments))
                .toList();
    }

    private record Fire(Instant at, ScheduleView.Group group) {

        FireRow row(Set<String> paused, Moments moments) {
            return new FireRow(
                    moments.of(at),
                    group.group(),
                    local(at, group.zone()),
                    group.zone(),
                    group.cron(),
                    group.calendar(),
                    policy(group.misfire()),
                    paused.contains(group.group()));
        }
    }

    private static String local(Instant at, String zone) {
        try {
            return LOCAL.format(at.atZone(ZoneId.of(zone)));
        } catch (DateTimeException unknownHere) {
            return at.toString();
        }
    }

    /** What becomes of fire times that nobody could fire. */
    static String policy(@Nullable String misfire) {
        if (misfire == null) {
            return "the group has no schedule any more";
        }
        return switch (misfire) {
            case "FIRE_ONCE" -> "one run for all that were missed";
            case "SKIP" -> "missed ones start nothing";
            case "CATCH_UP" -> "the newest missed ones start a run each";
            default -> misfire;
        };
    }
}
