package io.syncline.scheduler.run;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What an operator can do to a run. */
public enum RunAction {
    CANCEL,
    RERUN_FAILED,
    RERUN,
    RESOLUTION;

    /**
     * What is legal for a run in this state, and it alone.
     *
     * @param hasGroup whether the run's group still is; of a deleted one nothing new starts
     */
    public static Set<RunAction> allowedIn(RunState state, boolean hasFailedTaskRun, boolean hasGroup) {
        var allowed = switch (state) {
            case QUEUED -> EnumSet.of(CANCEL);
            case RUNNING -> hasFailedTaskRun ? EnumSet.of(CANCEL, RERUN_FAILED) : EnumSet.of(CANCEL);
            case FAILED -> EnumSet.of(RERUN_FAILED, RERUN, RESOLUTION);
            case CANCELLED -> EnumSet.of(RERUN_FAILED, RERUN);
            case COMPLETED, SKIPPED -> EnumSet.of(RERUN);
        };
        if (!hasGroup) {
            allowed.remove(RERUN);
        }
        return allowed;
    }

    /** As addresses and answers spell it, such as {@code rerun-failed}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
