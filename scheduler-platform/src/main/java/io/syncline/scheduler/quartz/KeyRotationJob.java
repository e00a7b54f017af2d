package io.syncline.scheduler.quartz;

import io.syncline.scheduler.security.SigningKeys;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;

/** Replaces signing keys whose time has come. The name stands in the tables. */
@DisallowConcurrentExecution
public class KeyRotationJob implements Job {

    private final SigningKeys keys;

    KeyRotationJob(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public void execute(JobExecutionContext context) {
        keys.rotateWhatIsDue();
    }
}
