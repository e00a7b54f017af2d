package io.syncline.scheduler.quartz;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.SchedulerException;

/** Makes alarms and watches what the catalogue says. The name stands in the tables. */
@DisallowConcurrentExecution
public class AlignSchedulesJob implements Job {

    static final JobKey KEY = new JobKey("align-schedules", "ticks");

    private final Schedules schedules;
    private final Watches watches;

    AlignSchedulesJob(Schedules schedules, Watches watches) {
        this.schedules = schedules;
        this.watches = watches;
    }

    @Override
    public void execute(JobExecutionContext context) {
        watches.align();
        try {
            schedules.align();
        } catch (SchedulerException e) {
            throw new IllegalStateException("Schedules could not be aligned; tried again at the next tick", e);
        }
    }
}
