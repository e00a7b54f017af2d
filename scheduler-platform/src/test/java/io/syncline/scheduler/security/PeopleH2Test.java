package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;

class PeopleH2Test extends PeopleContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
