package io.syncline.scheduler.quartz;

import io.syncline.scheduler.ops.FirstAnswers;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Removes, in small batches, rows whose time is over. The name stands in the tables. */
@DisallowConcurrentExecution
public class PurgeJob implements Job {

    private final FirstAnswers firstAnswers;

    PurgeJob(FirstAnswers firstAnswers) {
        this.firstAnswers = firstAnswers;
    }

    @Override
    public void execute(JobExecutionContext context) {
        firstAnswers.purge();
    }
}
