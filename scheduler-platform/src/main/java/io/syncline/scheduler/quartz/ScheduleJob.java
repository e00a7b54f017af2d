package io.syncline.scheduler.quartz;

import java.util.concurrent.TimeUnit;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.SchedulerException;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schedule's time has come: leaves trigger messages keyed by group and intended fire time, so that a second firing of the
 * same time is a duplicate, and sets the alarm for the next time. The name stands in the tables.
 */
public class ScheduleJob implements Job {

    static final JobKey KEY = new JobKey("schedule", "schedules");

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleJob.class);
    private static final long PAUSE_SECONDS = 1;

    private final Schedules schedules;

    ScheduleJob(Schedules schedules) {
        this.schedules = schedules;
    }

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
        var group = firedTrigger(context).getName();
        try {
            schedules.turn(group);
        } catch (RuntimeException | SchedulerException e) {
            LOG.warn("The schedule of {} is tried again: {}", group, e.getMessage());
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
