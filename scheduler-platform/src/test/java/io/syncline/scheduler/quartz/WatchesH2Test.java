package io.syncline.scheduler.quartz;

import io.syncline.scheduler.testing.TestDatabase;

class WatchesH2Test extends WatchesContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
