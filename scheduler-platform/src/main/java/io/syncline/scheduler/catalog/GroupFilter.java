package io.syncline.scheduler.catalog;

import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which task groups a list shows; a null is no condition.
 *
 * @param label one that the group bears
 * @param system one that a task of the group calls
 * @param text part of its key, description or owner, upper and lower case alike
 */
public record GroupFilter(
        @Nullable String label,
        @Nullable String owner,
        @Nullable String system,
        @Nullable String text,
        @Nullable Boolean paused) {

    public static final GroupFilter NONE = new GroupFilter(null, null, null, null, null);

    boolean takesAll() {
        return equals(NONE);
    }

    /** Names the list for its cursors. */
    String list() {
        return takesAll() ? "groups" : "groups " + this;
    }

    boolean takes(TaskGroup group, @Nullable Pause pause) {
        return (label == null || group.labels().contains(label))
                && (owner == null || owner.equals(group.owner()))
                && (system == null || JdbcTaskGroups.systemsOf(group).contains(system))
                && (paused == null || paused == (pause != null))
                && (text == null || mentions(group, text.toLowerCase(Locale.ROOT)));
    }

    private static boolean mentions(TaskGroup group, String lower) {
        return Stream.of(group.key(), group.description(), group.owner())
                .anyMatch(
                        words -> words != null && words.toLowerCase(Locale.ROOT).contains(lower));
    }
}
