package io.syncline.scheduler.quartz;

import io.syncline.scheduler.catalog.ConfigChanged;
import io.syncline.scheduler.catalog.Misfire;
import io.syncline.scheduler.catalog.Schedule;
import io.syncline.scheduler.catalog.TaskGroups;
import java.util.HashMap;
import java.util.TimeZone;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** One cron trigger for each current group with a schedule. A pause changes nothing here: what fires during it is held. */
@Component
class Schedules {

    static final String TRIGGER_GROUP = "schedules";

    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    private final TaskGroups groups;
    private final Scheduler scheduler;
    private final ClockRows rows;

    Schedules(TaskGroups groups, Scheduler scheduler, ClockRows rows) {
        this.groups = groups;
        this.scheduler = scheduler;
        this.rows = rows;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT, fallbackExecution = true)
    void on(ConfigChanged change) {
        if (!change.kind().equals("TaskGroup")) {
            return;
        }
        try {
            scheduler.triggerJob(AlignSchedulesJob.KEY);
        } catch (SchedulerException e) {
            LOG.warn("The schedule of group {} is aligned at the next tick: {}", change.key(), e.getMessage());
        }
    }

    /** Adds, replaces and removes triggers; those that are right stay untouched and keep their fire times. */
    void align() throws SchedulerException {
        var stored = new HashMap<>(rows.schedules());
        for (var group : groups.scheduled()) {
            var schedule = group.schedule();
            if (schedule == null) {
                continue;
            }
            var wanted = trigger(group.key(), schedule);
            var present = stored.remove(group.key());
            if (present == null) {
                scheduler.scheduleJob(wanted);
                LOG.info("Schedule of group {} set to {} in {}", group.key(), schedule.cron(), schedule.zone());
            } else if (!present.equals(ScheduleRow.of(wanted))) {
                scheduler.rescheduleJob(wanted.getKey(), wanted);
                LOG.info("Schedule of group {} changed to {} in {}", group.key(), schedule.cron(), schedule.zone());
            }
        }
        for (var gone : stored.keySet()) {
            scheduler.unscheduleJob(new TriggerKey(gone, TRIGGER_GROUP));
            LOG.info("Schedule of group {} removed", gone);
        }
    }

    private static CronTrigger trigger(String group, Schedule schedule) {
        var cron = CronScheduleBuilder.cronSchedule(schedule.cron()).inTimeZone(TimeZone.getTimeZone(schedule.zone()));
        return TriggerBuilder.newTrigger()
                .forJob(ScheduleJob.KEY)
                .withIdentity(group, TRIGGER_GROUP)
                .withSchedule(
                        schedule.misfire() == Misfire.SKIP
                                ? cron.withMisfireHandlingInstructionDoNothing()
                                : cron.withMisfireHandlingInstructionFireAndProceed())
                .build();
    }
}
