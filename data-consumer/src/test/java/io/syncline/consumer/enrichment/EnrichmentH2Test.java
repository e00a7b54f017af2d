package io.syncline.consumer.enrichment;

import io.syncline.consumer.users.Databases;
import javax.sql.DataSource;

class EnrichmentH2Test extends EnrichmentContract {

    @Override
    DataSource dataSource() {
        return Databases.h2();
    }
}
