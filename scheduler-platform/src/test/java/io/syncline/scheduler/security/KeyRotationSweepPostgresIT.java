package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

class KeyRotationSweepPostgresIT extends KeyRotationSweep {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    TestDatabase database() {
        return DATABASE;
    }

    @Override
    @Nullable
    String abort() {
        return "select 1 / 0";
    }
}
