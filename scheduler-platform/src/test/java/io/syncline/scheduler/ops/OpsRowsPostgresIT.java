package io.syncline.scheduler.ops;

import io.syncline.scheduler.testing.TestDatabase;

class OpsRowsPostgresIT extends OpsRowsContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }
}
