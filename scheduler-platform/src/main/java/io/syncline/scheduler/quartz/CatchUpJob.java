package io.syncline.scheduler.quartz;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.SchedulerException;

/** Starts what schedules have missed, batch by batch, until nothing is left. The name stands in the tables. */
@DisallowConcurrentExecution
public class CatchUpJob implements Job {

    static final JobKey KEY = new JobKey("catch-up", "ticks");

    private final Schedules schedules;

    CatchUpJob(Schedules schedules) {
        this.schedules = schedules;
    }

    @Override
    public void execute(JobExecutionContext context) throws JobExecutionException {
        try {
            schedules.catchUpBatch();
        } catch (SchedulerException e) {
            throw new JobExecutionException(e, false);
        }
    }
}
