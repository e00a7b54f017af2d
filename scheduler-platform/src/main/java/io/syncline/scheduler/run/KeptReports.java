package io.syncline.scheduler.run;

import io.syncline.contracts.StatusReport;
import org.jspecify.annotations.Nullable;

/** Reports of completion that were kept, applied or not; asked after the task run is locked. */
public interface KeptReports {

    /**
     * The last kept COMPLETED of an attempt.
     *
     * @param callbackId the very one; null: whichever came last
     */
    @Nullable
    StatusReport completed(String taskRunId, int attempt, @Nullable String callbackId);
}
