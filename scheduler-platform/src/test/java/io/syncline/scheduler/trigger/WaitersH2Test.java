package io.syncline.scheduler.trigger;

import io.syncline.scheduler.testing.TestDatabase;

class WaitersH2Test extends WaitersContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
