package io.syncline.scheduler.callback;

import io.syncline.scheduler.testing.TestDatabase;

class CallbackIntakeH2Test extends CallbackIntakeContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
