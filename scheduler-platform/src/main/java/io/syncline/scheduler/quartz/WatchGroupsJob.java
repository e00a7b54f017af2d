package io.syncline.scheduler.quartz;

import io.syncline.scheduler.store.ConnectionPool;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Looks whether groups do what is expected of them. The name stands in the tables. */
@DisallowConcurrentExecution
public class WatchGroupsJob implements Job {

    private final Watches watches;

    WatchGroupsJob(Watches watches) {
        this.watches = watches;
    }

    @Override
    public void execute(JobExecutionContext context) {
        ConnectionPool.DISPATCH.run(watches::look);
    }
}
