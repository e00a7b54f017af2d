package io.syncline.scheduler.run;

import java.util.EnumSet;
import java.util.Set;

/** Where a task run stands. A poll of a RUNNING task run moves its lease and fence, not its state. */
public enum TaskRunState {
    /** Its run is QUEUED, or a task before it is open. */
    WAITING,
    /** In the working queue. */
    DUE,
    /** Claimed by a node that calls the downstream for the first time in this attempt, or again after a failed call. */
    CALLING,
    /** The downstream has accepted the work. */
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED,
    SKIPPED;

    public Set<TaskRunState> successors() {
        return switch (this) {
            case WAITING -> EnumSet.of(DUE, CANCELLED, SKIPPED);
            case DUE -> EnumSet.of(CALLING, RUNNING, COMPLETED, FAILED, CANCELLED, SKIPPED);
            case CALLING -> EnumSet.of(RUNNING, DUE, COMPLETED, FAILED, CANCELLED, SKIPPED);
            case RUNNING -> EnumSet.of(DUE, COMPLETED, FAILED, CANCELLED, SKIPPED);
            case FAILED -> EnumSet.of(DUE, WAITING, COMPLETED, SKIPPED);
            case CANCELLED -> EnumSet.of(WAITING);
            case COMPLETED, SKIPPED -> EnumSet.noneOf(TaskRunState.class);
        };
    }

    public boolean isEnded() {
        return switch (this) {
            case WAITING, DUE, CALLING, RUNNING -> false;
            case COMPLETED, FAILED, CANCELLED, SKIPPED -> true;
        };
    }

    /** Whether the tasks behind it may start. */
    public boolean opensTheBarrier() {
        return this == COMPLETED || this == SKIPPED;
    }
}
