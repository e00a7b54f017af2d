package io.syncline.scheduler.observe;

import io.syncline.scheduler.testing.TestDatabase;

class ClusterGaugesPostgresIT extends ClusterGaugesContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }
}
