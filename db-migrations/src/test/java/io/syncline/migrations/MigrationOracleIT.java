package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts on a real Oracle, in the empty schema of the user that SYNCLINE_TEST_ORACLE_URL names (user and password inside the URL). */
class MigrationOracleIT {

    private static final String URL = System.getenv("SYNCLINE_TEST_ORACLE_URL");

    @BeforeAll
    static void needsAnOracle() {
        if (URL == null) {
            System.out.println("SKIPPED MigrationOracleIT: SYNCLINE_TEST_ORACLE_URL names no Oracle");
        }
        assumeTrue(URL != null, "SYNCLINE_TEST_ORACLE_URL names no Oracle");
    }

    static List<String> services() {
        return Scripts.services();
    }

    @ParameterizedTest
    @MethodSource("services")
    void theScriptsRunAndLeaveTheTablesThatTheParserExpects(String service) {
        var database = new DriverDataSource(URL, null, null);
        Databases.emptyOracle(database);

        SchemaMigrations.migrate(database, service);

        SchemaMigrations.verify(database, service);
        var expected = VendorScriptsTest.oracle(service);
        expected.putAll(VendorScriptsTest.oracle("outbox"));
        assertThat(VendorComparison.differences("the scripts", expected, "oracle", Columns.of(database)))
                .isEmpty();
    }
}
