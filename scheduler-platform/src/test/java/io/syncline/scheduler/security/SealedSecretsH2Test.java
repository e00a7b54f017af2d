package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;

class SealedSecretsH2Test extends SealedSecretsContract {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }
}
