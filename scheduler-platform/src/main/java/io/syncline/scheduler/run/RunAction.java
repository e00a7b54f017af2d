package io.syncline.scheduler.run;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What an operator can do to a run. */
public enum RunAction {
    CANCEL,
    RERUN_FAILED;

    /** What is legal for a run in this state, and it alone. */
    public static Set<RunAction> allowedIn(RunState state, boolean hasFailedTaskRun) {
        return switch (state) {
            case QUEUED -> EnumSet.of(CANCEL);
            case RUNNING -> hasFailedTaskRun ? EnumSet.of(CANCEL, RERUN_FAILED) : EnumSet.of(CANCEL);
            case FAILED, CANCELLED -> EnumSet.of(RERUN_FAILED);
            case COMPLETED, SKIPPED -> EnumSet.noneOf(RunAction.class);
        };
    }

    /** As addresses and answers spell it, such as {@code rerun-failed}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
