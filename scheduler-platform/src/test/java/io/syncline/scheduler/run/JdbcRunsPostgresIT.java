package io.syncline.scheduler.run;

import io.syncline.scheduler.testing.TestDatabases;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;

class JdbcRunsPostgresIT extends JdbcRunsContract {

    private static DataSource database;

    @BeforeAll
    static void migrate() {
        database = TestDatabases.postgres().pool(8);
    }

    @Override
    DataSource database() {
        return database;
    }
}
