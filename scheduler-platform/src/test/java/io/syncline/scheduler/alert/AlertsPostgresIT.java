package io.syncline.scheduler.alert;

import io.syncline.scheduler.testing.TestDatabase;

class AlertsPostgresIT extends AlertsContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
