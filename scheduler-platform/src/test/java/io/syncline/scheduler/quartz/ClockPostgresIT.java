package io.syncline.scheduler.quartz;

import io.syncline.scheduler.testing.TestDatabase;

class ClockPostgresIT extends ClockContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }

    @Override
    int schedulesInAnOutage() {
        return 501;
    }
}
