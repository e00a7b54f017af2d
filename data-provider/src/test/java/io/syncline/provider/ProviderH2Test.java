package io.syncline.provider;

import java.util.UUID;

class ProviderH2Test extends ProviderContract {

    @Override
    Database database() {
        return new Database("jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle;DB_CLOSE_DELAY=-1", "sa", "");
    }
}
