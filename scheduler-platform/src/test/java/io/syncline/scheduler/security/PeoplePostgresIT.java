package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;

class PeoplePostgresIT extends PeopleContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
