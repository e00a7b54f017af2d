package io.syncline.scheduler.faults;

import io.syncline.scheduler.testing.TestDatabase;

class SchedulerSweepPostgresIT extends SchedulerSweep {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    String abort() {
        return "select 1 / 0";
    }
}
