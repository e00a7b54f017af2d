package io.syncline.scheduler.catalog;

import io.syncline.scheduler.testing.TestDatabase;

class CredentialsH2Test extends CredentialsContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
