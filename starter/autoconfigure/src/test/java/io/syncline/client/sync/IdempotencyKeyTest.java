package io.syncline.client.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void readsAQuotedString() {
        assertThat(IdempotencyKey.parse("\"run.1\"")).contains("run.1");
        assertThat(IdempotencyKey.parse(" \"a \\\"b\\\\\" ")).contains("a \"b\\");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "run.1", "\"\"", "\" \"", "\"a", "\"a\"b\"", "\"a\\b\"", "\"ä\"", "\"a\", \"b\""})
    void takesNothingElse(String header) {
        assertThat(IdempotencyKey.parse(header)).isEmpty();
    }

    @Test
    void takesAtMostTwoHundredCharacters() {
        assertThat(IdempotencyKey.parse("\"" + "k".repeat(200) + "\"")).isPresent();
        assertThat(IdempotencyKey.parse("\"" + "k".repeat(201) + "\"")).isEmpty();
    }
}
