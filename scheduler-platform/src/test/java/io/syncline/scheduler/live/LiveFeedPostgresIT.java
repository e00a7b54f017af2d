package io.syncline.scheduler.live;

import io.syncline.scheduler.testing.TestDatabase;

class LiveFeedPostgresIT extends LiveFeedContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.postgres();
    }
}
