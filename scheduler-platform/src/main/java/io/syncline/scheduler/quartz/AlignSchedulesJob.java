package io.syncline.scheduler.quartz;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.SchedulerException;

/** Makes the clock's cron triggers what the catalogue says. The name stands in the tables. */
@DisallowConcurrentExecution
public class AlignSchedulesJob implements Job {

    static final JobKey KEY = new JobKey("align-schedules", "ticks");

    private final Schedules schedules;

    AlignSchedulesJob(Schedules schedules) {
        this.schedules = schedules;
    }

    @Override
    public void execute(JobExecutionContext context) {
        try {
            schedules.align();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Schedules could not be aligned; tried again at the next tick", e);
        }
    }
}
