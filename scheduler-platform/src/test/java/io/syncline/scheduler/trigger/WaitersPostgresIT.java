package io.syncline.scheduler.trigger;

import io.syncline.scheduler.testing.TestDatabase;

class WaitersPostgresIT extends WaitersContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
