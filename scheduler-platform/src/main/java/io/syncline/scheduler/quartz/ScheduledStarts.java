package io.syncline.scheduler.quartz;

import java.time.Instant;

/** Starts a group because its time has come. */
interface ScheduledStarts {

    /** Leaves the trigger message; a second one for the same time changes nothing. */
    void start(String group, Instant intended);
}
