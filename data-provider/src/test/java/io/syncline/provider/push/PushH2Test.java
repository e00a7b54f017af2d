package io.syncline.provider.push;

import io.syncline.provider.change.LogInstance.Database;
import java.util.UUID;

class PushH2Test extends PushContract {

    @Override
    Database database() {
        return new Database(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
    }
}
