package io.syncline.scheduler.quartz;

import io.syncline.scheduler.run.Runs;
import io.syncline.scheduler.store.ConnectionPool;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repairs what was missed and raises what has come: time-outs, overdue flags, promotions. The name stands in the tables. */
@DisallowConcurrentExecution
public class SweepJob implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(SweepJob.class);

    /** A sweep works on bounded batches; a backlog is worked off within one tick, but not without end. */
    private static final int MOST_BATCHES = 50;

    private final Runs runs;

    SweepJob(Runs runs) {
        this.runs = runs;
    }

    @Override
    public void execute(JobExecutionContext context) {
        ConnectionPool.DISPATCH.run(() -> {
            sweep();
            runs.sweepFailures();
        });
    }

    private void sweep() {
        for (int batch = 0; batch < MOST_BATCHES; batch++) {
            var result = runs.sweep();
            if (result.isEmpty()) {
                return;
            }
            LOG.info("Sweep: {}", result);
        }
    }
}
