package io.syncline.scheduler.ops;

import io.syncline.scheduler.testing.TestDatabase;

class SlaRowsH2Test extends SlaRowsContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
