package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;

class PlatformKeysPostgresIT extends PlatformKeysContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
