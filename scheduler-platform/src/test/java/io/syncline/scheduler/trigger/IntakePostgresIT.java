package io.syncline.scheduler.trigger;

import io.syncline.scheduler.testing.TestDatabase;

class IntakePostgresIT extends IntakeContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
