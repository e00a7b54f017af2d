package io.syncline.scheduler.quartz;

import io.syncline.scheduler.security.Expiring;
import java.util.List;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, in small batches, rows whose time is over. The name stands in the tables. */
@DisallowConcurrentExecution
public class PurgeJob implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(PurgeJob.class);

    private final List<Expiring> tables;

    PurgeJob(List<Expiring> tables) {
        this.tables = tables;
    }

    @Override
    public void execute(JobExecutionContext context) {
        tables.forEach(PurgeJob::purge);
    }

    /** One table's trouble, of whatever kind, keeps no other from being purged; the next tick tries it again. */
    private static void purge(Expiring table) {
        try {
            table.purge();
        } catch (RuntimeException e) {
            LOG.warn("Rows whose time is over could not be removed; tried again at the next tick", e);
        }
    }
}
