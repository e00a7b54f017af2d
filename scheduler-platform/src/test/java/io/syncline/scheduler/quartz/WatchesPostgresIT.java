package io.syncline.scheduler.quartz;

import io.syncline.scheduler.testing.TestDatabase;

class WatchesPostgresIT extends WatchesContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }
}
