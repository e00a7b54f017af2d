package io.syncline.scheduler.run;

import io.syncline.scheduler.testing.TestDatabase;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;

/** Skipped, and says so, unless SYNCLINE_TEST_ORACLE_URL, _USERNAME and _PASSWORD name an empty schema. */
class JdbcRunsOracleIT extends JdbcRunsContract {

    private static DataSource database;

    @BeforeAll
    static void migrate() {
        database = TestDatabase.oracleOrSkip().dataSource();
    }

    @Override
    DataSource database() {
        return database;
    }
}
