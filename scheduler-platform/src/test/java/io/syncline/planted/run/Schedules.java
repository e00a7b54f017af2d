package io.syncline.planted.run;

import org.quartz.Scheduler;

class Schedules {
    void stop(Scheduler scheduler) throws org.quartz.SchedulerException {
        scheduler.shutdown();
    }
}
