package io.syncline.scheduler.callback;

import io.syncline.scheduler.testing.TestDatabase;

class CallbackIntakePostgresIT extends CallbackIntakeContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
