package io.syncline.scheduler.run;

import io.syncline.scheduler.testing.TestDatabase;

class RetentionH2Test extends RetentionContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
