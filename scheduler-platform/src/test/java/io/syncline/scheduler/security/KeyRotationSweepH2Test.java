package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

class KeyRotationSweepH2Test extends KeyRotationSweep {

    private static final TestDatabase DATABASE = TestDatabase.h2();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    @Nullable
    String abort() {
        return null;
    }
}
