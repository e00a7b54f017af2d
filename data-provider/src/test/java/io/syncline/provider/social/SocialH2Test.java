package io.syncline.provider.social;

import java.util.UUID;

class SocialH2Test extends SocialContract {

    @Override
    Database database() {
        return new Database(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000", "sa", "");
    }
}
