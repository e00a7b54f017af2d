package io.syncline.scheduler.quartz;

import io.syncline.scheduler.ops.AuditSeal;
import io.syncline.scheduler.store.ConnectionPool;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Gives audit entries their places in the chain. The name stands in the tables. */
@DisallowConcurrentExecution
public class SealAuditJob implements Job {

    /** A backlog is worked off within a few ticks, but no tick goes on without end. */
    private static final int MOST_BATCHES = 20;

    private final AuditSeal seal;

    SealAuditJob(AuditSeal seal) {
        this.seal = seal;
    }

    @Override
    public void execute(JobExecutionContext context) {
        ConnectionPool.BULK.run(() -> {
            for (int batch = 0; batch < MOST_BATCHES && seal.seal() > 0; batch++) {
                // the next one
            }
        });
    }
}
