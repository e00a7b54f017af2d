package io.syncline.provider.change;

import io.syncline.provider.change.LogInstance.Database;
import java.util.UUID;

class FeedH2Test extends FeedContract {

    @Override
    Database database() {
        return new Database(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
    }
}
