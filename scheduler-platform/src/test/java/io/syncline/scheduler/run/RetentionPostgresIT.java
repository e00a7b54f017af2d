package io.syncline.scheduler.run;

import io.syncline.scheduler.testing.TestDatabase;

class RetentionPostgresIT extends RetentionContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
