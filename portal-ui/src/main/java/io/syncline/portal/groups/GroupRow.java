package io.syncline.portal.groups;

import io.syncline.portal.page.Lately;
import io.syncline.portal.page.Moment;
import io.syncline.portal.page.Moments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task group as a row of the list.
 *
 * @param starts each a line: what starts a run
 * @param lately null: its runs are not for this reader
 */
record GroupRow(
        String key,
        int version,
        @Nullable String description,
        @Nullable String owner,
        List<String> labels,
        List<GroupList.Definition> tasks,
        List<String> starts,
        @Nullable Moment nextFire,
        @Nullable PauseNote pause,
        @Nullable Lately lately) {

    static GroupRow of(GroupList.Item item, Moments moments) {
        var paused = item.paused();
        var recent = item.recent();
        return new GroupRow(
                item.key(),
                item.version(),
                item.description(),
                item.owner(),
                item.labels() == null ? List.of() : item.labels(),
                item.definitions() == null ? List.of() : item.definitions(),
                starts(item),
                moments.orNull(item.nextFireAt()),
                paused == null ? null : new PauseNote(moments.of(paused.since()), paused.by(), paused.reason()),
                recent == null
                        ? null
                        : Lately.of(
                                recent.runs(), recent.lastSuccess(), recent.freshness(), recent.overTarget(), moments));
    }

    private static List<String> starts(GroupList.Item item) {
        var lines = new ArrayList<String>();
        if (item.triggers() != null) {
            item.triggers().forEach(rule -> lines.add(rule.type() + " from " + rule.source()));
        }
        var schedule = item.schedule();
        if (schedule != null) {
            lines.add(Words.schedule(schedule.cron(), schedule.zone(), schedule.calendar()));
        }
        return lines;
    }

    /** Since when a group starts nothing, who said so, and why. */
    record PauseNote(Moment since, String by, @Nullable String reason) {}
}
