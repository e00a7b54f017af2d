package io.syncline.scheduler.catalog;

import io.syncline.scheduler.testing.TestDatabase;

class CredentialsPostgresIT extends CredentialsContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
