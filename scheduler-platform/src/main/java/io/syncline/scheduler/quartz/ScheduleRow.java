package io.syncline.scheduler.quartz;

import org.quartz.CronTrigger;

/** What the clock's tables say of one schedule, as far as the catalogue decides it. */
record ScheduleRow(String cron, String zone, int misfireInstruction) {

    static ScheduleRow of(CronTrigger trigger) {
        return new ScheduleRow(
                trigger.getCronExpression(), trigger.getTimeZone().getID(), trigger.getMisfireInstruction());
    }
}
