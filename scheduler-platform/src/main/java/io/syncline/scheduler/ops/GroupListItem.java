package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.GroupView;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Mode;
import io.syncline.scheduler.catalog.TaskGroup;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task group in a list.
 *
 * @param tasks their keys
 * @param nextFireAt null: it has no schedule, or the schedule has ended; a pause holds what fires then
 * @param recent how it has done lately; null: nobody asked, or it is not for the caller
 */
record GroupListItem(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<String> tasks,
        List<Definition> definitions,
        List<Rule> triggers,
        @Nullable Timetable schedule,
        @Nullable Instant nextFireAt,
        @Nullable PauseView paused,
        RecentRuns.@Nullable View recent,
        Instant createdAt,
        String createdBy) {

    /** @param path of its calls */
    record Definition(String key, Mode mode, String system, String path) {}

    record Rule(String source, String type) {}

    record Timetable(String cron, String zone, @Nullable String calendar, Misfire misfire) {}

    static GroupListItem of(
            GroupView view, TaskGroup group, @Nullable Instant nextFireAt, RecentRuns.@Nullable View recent) {
        var schedule = group.schedule();
        return new GroupListItem(
                group.key(),
                group.version(),
                group.description(),
                group.owner(),
                group.labels(),
                group.tasks().stream().map(task -> task.key()).toList(),
                group.tasks().stream()
                        .map(task -> new Definition(task.key(), task.mode(), task.system(), task.path()))
                        .toList(),
                group.triggers().stream()
                        .map(rule -> new Rule(rule.source(), rule.type()))
                        .toList(),
                schedule == null
                        ? null
                        : new Timetable(
                                schedule.cron(), schedule.zone().getId(), schedule.calendar(), schedule.misfire()),
                nextFireAt,
                PauseView.of(view.pause()),
                recent,
                view.current().createdAt(),
                view.current().createdBy());
    }
}
