package io.syncline.scheduler.trigger;

import io.syncline.scheduler.testing.TestDatabase;

class IntakeH2Test extends IntakeContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
