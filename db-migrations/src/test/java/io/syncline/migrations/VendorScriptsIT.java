package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VendorScriptsIT {

    static List<String> parts() {
        return Scripts.parts();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void postgresqlHasTheTablesAndColumnsOfH2(String part) {
        var database = Databases.emptyPostgres();
        Databases.executeScripts(database, Scripts.of(part, "postgresql"));

        assertThat(VendorComparison.differences("h2", VendorScriptsTest.h2(part), "postgresql", Columns.of(database)))
                .isEmpty();
    }
}
