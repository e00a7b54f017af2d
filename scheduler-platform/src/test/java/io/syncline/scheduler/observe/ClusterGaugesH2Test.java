package io.syncline.scheduler.observe;

import io.syncline.scheduler.testing.TestDatabase;

class ClusterGaugesH2Test extends ClusterGaugesContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
