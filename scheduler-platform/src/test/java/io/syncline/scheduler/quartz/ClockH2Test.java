package io.syncline.scheduler.quartz;

import io.syncline.scheduler.testing.TestDatabase;

class ClockH2Test extends ClockContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
