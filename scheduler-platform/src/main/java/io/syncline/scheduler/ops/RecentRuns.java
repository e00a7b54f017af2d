package io.syncline.scheduler.ops;

import io.syncline.scheduler.catalog.TaskGroup;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** How groups have done lately, told beside them in lists. */
@Component
class RecentRuns {

    private final JdbcOverview rows;
    private final DatabaseClock clock;

    RecentRuns(JdbcOverview rows, DatabaseClock clock) {
        this.rows = rows;
        this.clock = clock;
    }

    /**
     * @param runs the newest 20, oldest first
     * @param freshness at most so long between successes; null: nobody asks for that
     */
    record View(
            List<OverviewView.RunState> runs,
            @Nullable Instant lastSuccess,
            @Nullable String freshness,
            boolean overTarget) {}

    /** By group. */
    @Transactional(readOnly = true)
    Map<String, View> of(List<TaskGroup> groups) {
        var now = clock.now();
        var views = new HashMap<String, View>();
        for (int from = 0; from < groups.size(); from += JdbcOverview.MOST_GROUPS) {
            var part = groups.subList(from, Math.min(groups.size(), from + JdbcOverview.MOST_GROUPS));
            var keys = part.stream().map(TaskGroup::key).toList();
            var strips = rows.strips(keys);
            var successes = rows.lastSuccesses(keys);
            part.forEach(group -> {
                var target = group.freshness();
                var success = successes.get(group.key());
                views.put(
                        group.key(),
                        new View(
                                strips.getOrDefault(group.key(), List.of()),
                                success,
                                target == null ? null : target.toString(),
                                isOverTarget(target, success, now)));
            });
        }
        return views;
    }

    static boolean isOverTarget(@Nullable Duration target, @Nullable Instant success, Instant now) {
        return target != null && success != null && success.plus(target).isBefore(now);
    }
}
