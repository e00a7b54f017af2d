package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextsTest {

    @Test
    void ordinaryTextStaysAsItIs() {
        assertThat(Texts.storable(null)).isNull();
        assertThat(Texts.storable("12 rows, ä, 𝄞")).isEqualTo("12 rows, ä, 𝄞");
        assertThat(Texts.storable("x".repeat(1000))).hasSize(1000).doesNotContain("…");
    }

    @Test
    void whatADatabaseRefusesIsReplaced() {
        assertThat(Texts.storable("a\u0000b\u001b[31m\r\nc")).isEqualTo("a\uFFFDb\uFFFD[31m\uFFFD\uFFFDc");
        assertThat(Texts.storable("half \uD834 pair")).isEqualTo("half \uFFFD pair");
    }

    @Test
    void longTextIsCutBetweenCharacters() {
        assertThat(Texts.storable("x".repeat(1001))).hasSize(1000).endsWith("x…");
        assertThat(Texts.storable("x".repeat(998) + "𝄞𝄞")).isEqualTo("x".repeat(998) + "…");
    }
}
