package io.syncline.scheduler.run;

import java.util.EnumSet;
import java.util.Set;

/** Where a run stands. COMPLETED and SKIPPED absorb; FAILED and CANCELLED are left by an operator alone. */
public enum RunState {
    QUEUED,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED,
    SKIPPED;

    public Set<RunState> successors() {
        return switch (this) {
            case QUEUED -> EnumSet.of(RUNNING, CANCELLED, SKIPPED);
            case RUNNING -> EnumSet.of(COMPLETED, FAILED, CANCELLED);
            case FAILED -> EnumSet.of(QUEUED, COMPLETED); // an operator's re-run, or mark-done and accept-late
            case CANCELLED -> EnumSet.of(QUEUED); // an operator's re-run
            case COMPLETED, SKIPPED -> EnumSet.noneOf(RunState.class);
        };
    }

    public boolean isEnded() {
        return switch (this) {
            case QUEUED, RUNNING -> false;
            case COMPLETED, FAILED, CANCELLED, SKIPPED -> true;
        };
    }
}
