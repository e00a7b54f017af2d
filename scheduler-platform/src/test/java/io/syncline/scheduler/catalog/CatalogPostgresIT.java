package io.syncline.scheduler.catalog;

import io.syncline.scheduler.testing.TestDatabase;
import javax.sql.DataSource;

class CatalogPostgresIT extends CatalogContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    DataSource dataSource() {
        return DATABASE.dataSource();
    }
}
