package io.syncline.scheduler.ops;

import io.syncline.scheduler.testing.TestDatabase;

class AuditChainH2Test extends AuditChainContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
