package io.syncline.scheduler.run;

import io.syncline.scheduler.testing.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;

class JdbcRunsPostgresIT extends JdbcRunsContract {

    private static DataSource database;

    @BeforeAll
    static void migrate() {
        database = TestDatabase.postgres().dataSource();
    }

    @Override
    DataSource database() {
        return database;
    }
}
