package io.syncline.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.migrations.oracle.OracleGate;
import io.syncline.migrations.oracle.OracleTables;
import io.syncline.migrations.oracle.StatementsOfCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VendorScriptsTest {

    static List<String> parts() {
        return Scripts.parts();
    }

    @Test
    void everyServiceHasScripts() {
        assertThat(Scripts.parts()).contains("scheduler");
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyVendorHasTheSameVersions(String part) {
        for (var vendor : Scripts.VENDORS) {
            assertThat(Scripts.versions(part, vendor))
                    .as("versions of %s on %s", part, vendor)
                    .isEqualTo(Scripts.versions(part, "h2"))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("parts")
    void oraclesScriptsMakeTheTablesAndColumnsOfH2(String part) {
        assertThat(VendorComparison.differences("h2", h2(part), "oracle", oracle(part)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyOracleScriptPassesTheGate(String part) {
        var faults = new ArrayList<String>();
        for (var script : Scripts.of(part, "oracle")) {
            for (var statement : OracleGate.statements(Scripts.text(script))) {
                OracleGate.faults(statement)
                        .forEach(fault -> faults.add(script.getFileName() + ": " + fault + " in\n" + statement));
            }
        }

        assertThat(faults).isEmpty();
    }

    @Test
    void theOutboxsOwnStatementsPassTheGate() throws ClassNotFoundException {
        assertThat(StatementsOfCode.faults(Class.forName("io.syncline.outbox.Outbox")))
                .isEmpty();
    }

    @Test
    void aMissingTableAndAMissingColumnAreDifferences() {
        SortedMap<String, SortedSet<String>> one = new TreeMap<>();
        one.put("a", new TreeSet<>(Set.of("x", "y")));
        one.put("b", new TreeSet<>(Set.of("x")));
        SortedMap<String, SortedSet<String>> other = new TreeMap<>();
        other.put("a", new TreeSet<>(Set.of("x", "z")));

        assertThat(VendorComparison.differences("one", one, "other", other))
                .containsExactly(
                        "column a.y is missing on other",
                        "column a.z is missing on one",
                        "table b is missing on other");
    }

    static SortedMap<String, SortedSet<String>> h2(String part) {
        var database = Databases.emptyH2();
        Databases.executeScripts(database, Scripts.of(part, "h2"));
        return Columns.of(database);
    }

    static SortedMap<String, SortedSet<String>> oracle(String part) {
        return OracleTables.after(
                Scripts.of(part, "oracle").stream().map(Scripts::text).toList());
    }
}
