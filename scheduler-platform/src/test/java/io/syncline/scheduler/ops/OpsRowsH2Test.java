package io.syncline.scheduler.ops;

import io.syncline.scheduler.testing.TestDatabase;

class OpsRowsH2Test extends OpsRowsContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
