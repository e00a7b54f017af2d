package io.syncline.scheduler.quartz;

import io.syncline.scheduler.ops.NextFireTime;
import io.syncline.scheduler.security.Labels;
import java.util.List;
import java.util.Map;

/** What is read and repaired in the clock's own tables, past its API. */
interface ClockRows {

    /** The stored alarms by task group. */
    Map<String, ScheduleRow> schedules();

    List<NextFireTime> nextFireTimes(int limit, Labels labels);

    /** Triggers that no node works on although their state says so, and those that went into ERROR. */
    List<StuckTrigger> stuck();

    /** Sets free, under the cluster's own lock, those that are still stuck; returns them. */
    List<StuckTrigger> setFree(List<StuckTrigger> triggers);
}
