package io.syncline.scheduler.ops;

import io.syncline.scheduler.testing.TestDatabase;

class AuditChainPostgresIT extends AuditChainContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }
}
