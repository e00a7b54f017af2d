package io.syncline.scheduler.security;

import io.syncline.scheduler.testing.TestDatabase;
import javax.sql.DataSource;

class ClientsPostgresIT extends ClientsContract {

    private static final TestDatabase DATABASE = TestDatabase.postgres();

    @Override
    DataSource dataSource() {
        return DATABASE.dataSource();
    }
}
