package io.syncline.scheduler.quartz;

import io.syncline.scheduler.ops.FirstAnswers;
import io.syncline.scheduler.ops.PendingChanges;
import io.syncline.scheduler.security.Expiring;
import java.util.List;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Removes, in small batches, rows whose time is over. The name stands in the tables. */
@DisallowConcurrentExecution
public class PurgeJob implements Job {

    private final FirstAnswers firstAnswers;
    private final PendingChanges changes;
    private final List<Expiring> tables;

    PurgeJob(FirstAnswers firstAnswers, PendingChanges changes, List<Expiring> tables) {
        this.firstAnswers = firstAnswers;
        this.changes = changes;
        this.tables = tables;
    }

    @Override
    public void execute(JobExecutionContext context) {
        firstAnswers.purge();
        changes.purge();
        tables.forEach(Expiring::purge);
    }
}
