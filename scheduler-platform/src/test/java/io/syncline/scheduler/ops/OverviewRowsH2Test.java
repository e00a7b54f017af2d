package io.syncline.scheduler.ops;

import io.syncline.scheduler.testing.TestDatabase;

class OverviewRowsH2Test extends OverviewRowsContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
