package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import java.util.List;

/**
 * The one place that says in SQL what is within reach of somebody's labels. Statements for {@link Labels#ALL} are written
 * without these conditions and cost nothing.
 */
public final class WithinReach {

    /** The parameter of all conditions made here. */
    public static final String PARAMETER = "labels";

    private WithinReach() {}

    /** True of the rows whose group, a deleted one as well, has one of the labels now. */
    public static String groups(String groupKey) {
        return groupKey + " in (select l.group_key from task_group_label l where l.label in (:" + PARAMETER + "))";
    }

    /** True of the rows whose system has one of the labels, or none at all and is shared. */
    static String readableSystems(String systemKey) {
        return "(" + systemKey + " in (select l.system_key from sync_system_label l where l.label in (:" + PARAMETER
                + ")) or not exists (select 1 from sync_system_label n where n.system_key = " + systemKey + "))";
    }

    /** The same of calendars. */
    static String readableCalendars(String calendarKey) {
        return "(" + calendarKey + " in (select l.calendar_key from sync_calendar_label l where l.label in (:"
                + PARAMETER + ")) or not exists (select 1 from sync_calendar_label n where n.calendar_key = "
                + calendarKey + "))";
    }

    /** The same of channels. */
    static String readableChannels(String channelKey) {
        return "(" + channelKey + " in (select l.channel_key from alert_channel_label l where l.label in (:" + PARAMETER
                + ")) or not exists (select 1 from alert_channel_label n where n.channel_key = " + channelKey + "))";
    }

    /** The content of the parameter. */
    public static List<String> parameter(Labels labels) {
        if (labels.all()) {
            throw new IllegalArgumentException("whoever reaches all needs no condition");
        }
        // No label is blank, and no database takes an empty list.
        return labels.named().isEmpty() ? List.of(" ") : List.copyOf(labels.named());
    }

    /** Whether a system or calendar may be read, and named by groups; one without labels is shared. */
    static boolean readable(Labels labels, List<String> ofSystem) {
        return ofSystem.isEmpty() || labels.reach(ofSystem);
    }
}
