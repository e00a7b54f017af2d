package io.syncline.provider.change.kafka;

import io.syncline.provider.change.LogInstance.Database;
import java.util.UUID;

class KafkaPublisherH2IT extends KafkaPublisherContract {

    @Override
    Database database() {
        return new Database(
                "jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=20000", "sa", "");
    }
}
