package io.syncline.scheduler.alert;

import io.syncline.scheduler.testing.TestDatabase;

class AlertsH2Test extends AlertsContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
