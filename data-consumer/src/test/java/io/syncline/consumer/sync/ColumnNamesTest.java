package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnNamesTest {

    @Test
    void humpsAndOtherSignsBecomeUnderscores() {
        assertThat(ColumnNames.of(List.of("id", "le_heading_degT", "usageType", "Two Words")))
                .containsExactly("id", "le_heading_deg_t", "usage_type", "two_words");
    }

    @Test
    void reservedWordsGetAPrefix() {
        assertThat(ColumnNames.of("date")).isEqualTo("c_date");
        assertThat(ColumnNames.of("type")).isEqualTo("type");
    }

    @Test
    void applyingTheRuleTwiceChangesNothing() {
        for (var name : List.of("le_heading_degT", "date", "2nd", "a-b")) {
            assertThat(ColumnNames.of(ColumnNames.of(name))).isEqualTo(ColumnNames.of(name));
        }
    }

    @Test
    void twoHeadersForOneColumnAreRefused() {
        assertThatThrownBy(() -> ColumnNames.of(List.of("a-b", "a_b"))).isInstanceOf(BadExtractException.class);
    }
}
