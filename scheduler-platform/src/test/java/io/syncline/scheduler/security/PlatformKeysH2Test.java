package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;

class PlatformKeysH2Test extends PlatformKeysContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
