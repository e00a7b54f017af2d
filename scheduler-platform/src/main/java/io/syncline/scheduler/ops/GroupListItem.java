package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.GroupView;
import io.syncline.scheduler.catalog.TaskGroup;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A task group in a list. */
record GroupListItem(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<String> tasks,
        @Nullable PauseView paused,
        Instant createdAt,
        String createdBy) {

    static GroupListItem of(GroupView view, TaskGroup group) {
        return new GroupListItem(
                group.key(),
                group.version(),
                group.description(),
                group.owner(),
                group.labels(),
                group.tasks().stream().map(task -> task.key()).toList(),
                PauseView.of(view.pause()),
                view.current().createdAt(),
                view.current().createdBy());
    }
}
