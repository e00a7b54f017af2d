package io.syncline.scheduler.faults;

import io.syncline.scheduler.testing.TestDatabase;
import org.jspecify.annotations.Nullable;

class SchedulerSweepH2Test extends SchedulerSweep {

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
