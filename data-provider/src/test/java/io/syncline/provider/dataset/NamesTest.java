package io.syncline.provider.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

    @Test
    void wireNamesBecomeColumnNames() {
        assertThat(SqlNames.ofWireName("customerID")).isEqualTo("customer_id");
        assertThat(SqlNames.ofWireName("le_heading_degT")).isEqualTo("le_heading_deg_t");
        assertThat(SqlNames.ofWireName("usageType")).isEqualTo("usage_type");
        assertThat(SqlNames.ofWireName("TotalCharges")).isEqualTo("total_charges");
    }

    @Test
    void nothingButPlainNamesIsAnIdentifier() {
        assertThat(List.of("runways", "le_heading_degT", "a1")).allMatch(SqlNames::isIdentifier);
        assertThat(List.of("", "1a", "a b", "a\"", "a;--", "a.b", "ä", "a".repeat(64)))
                .noneMatch(SqlNames::isIdentifier);
    }

    @Test
    void aRowIdOfSeveralColumnsComesBackAsItWas() {
        var parts = List.of("a,b", "c~d~", "", "e");

        assertThat(RowId.read(RowId.write(parts), 4)).isEqualTo(parts);
    }

    @Test
    void aRowIdOfOneColumnIsTakenAsItIs() {
        assertThat(RowId.read("a,b", 1)).containsExactly("a,b");
    }

    @Test
    void entityTagsAreComparedAsTheHeadersSay() {
        assertThat(ETags.noneMatchFails("\"x\", W/\"y\"", "\"y\"")).isTrue();
        assertThat(ETags.noneMatchFails("*", "\"y\"")).isTrue();
        assertThat(ETags.noneMatchFails(null, "\"y\"")).isFalse();
        assertThat(ETags.matchFails("W/\"y\"", "\"y\"")).isTrue();
        assertThat(ETags.matchFails("\"y\"", "\"y\"")).isFalse();
    }
}
