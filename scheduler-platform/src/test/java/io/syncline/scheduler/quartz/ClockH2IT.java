package io.syncline.scheduler.quartz;

import io.syncline.scheduler.testing.TestDatabase;

class ClockH2IT extends ClockContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }

    @Override
    int schedulesInAnOutage() {
        return 30;
    }
}
