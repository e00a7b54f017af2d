package io.syncline.scheduler.quartz;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.quartz.CronTrigger;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schedule's time has come: leaves a trigger message keyed by group and intended fire time, so that a second firing of the
 * same time is a duplicate. The name stands in the tables.
 */
public class ScheduleJob implements Job {

    static final JobKey KEY = new JobKey("schedule", "schedules");

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleJob.class);
    private static final long PAUSE_SECONDS = 1;

    private final ScheduledStarts starts;

    ScheduleJob(ScheduledStarts starts) {
        this.starts = starts;
    }

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
        var group = firedTrigger(context).getName();
        var intended = intended(context);
        try {
            starts.start(group, intended);
        } catch (RuntimeException e) {
            LOG.warn("The scheduled start of {} for {} is tried again: {}", group, intended, e.getMessage());
            pause();
            // The same firing again, here; if this node dies meanwhile, another one recovers it. A node that stops must
            // not wait for it: while the database is away the firing stays recorded, and another node recovers it.
            throw new JobExecutionException(e, !isStopping(context));
        }
    }

    private static TriggerKey firedTrigger(JobExecutionContext context) {
        return context.isRecovering()
                ? context.getRecoveringTriggerKey()
                : context.getTrigger().getKey();
    }

    private static Instant intended(JobExecutionContext context) {
        if (context.isRecovering()) {
            var original = context.getMergedJobDataMap()
                    .getString(Scheduler.FAILED_JOB_ORIGINAL_TRIGGER_SCHEDULED_FIRETIME_IN_MILLISECONDS);
            return Instant.ofEpochMilli(Long.parseLong(original));
        }
        var scheduled = context.getScheduledFireTime().toInstant();
        if (!(context.getTrigger() instanceof CronTrigger trigger)) {
            return scheduled;
        }
        // A firing in place of missed ones is scheduled for the moment it was noticed; it stands for the last missed
        // one.
        var before = context.getPreviousFireTime() == null
                ? trigger.getStartTime().toInstant().minusSeconds(1)
                : context.getPreviousFireTime().toInstant();
        return QuartzFireTimes.lastUntil(
                trigger.getCronExpression(), trigger.getTimeZone().toZoneId(), before, scheduled);
    }

    private static boolean isStopping(JobExecutionContext context) {
        try {
            return context.getScheduler().isInStandbyMode();
        } catch (SchedulerException e) {
            return true;
        }
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
