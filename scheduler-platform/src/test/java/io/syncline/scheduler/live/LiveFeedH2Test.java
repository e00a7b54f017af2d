package io.syncline.scheduler.live;

import io.syncline.scheduler.testing.TestDatabase;

class LiveFeedH2Test extends LiveFeedContract {

    @Override
    TestDatabase emptyDatabase() {
        return TestDatabase.h2();
    }
}
