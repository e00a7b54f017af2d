package io.syncline.consumer.enrichment;

import io.syncline.consumer.users.Databases;
import javax.sql.DataSource;

class EnrichmentPostgresIT extends EnrichmentContract {

    @Override
    DataSource dataSource() {
        return Databases.postgres();
    }
}
