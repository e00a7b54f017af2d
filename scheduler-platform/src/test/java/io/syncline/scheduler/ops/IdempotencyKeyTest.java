package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.security.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

    @Test
    void quotedAndBareAreTheSameKey() {
        assertThat(IdempotencyKey.of("\"018f-1\"")).isEqualTo(IdempotencyKey.of("018f-1"));
        assertThat(IdempotencyKey.of("018f-1").quoted()).isEqualTo("\"018f-1\"");
    }

    @Test
    void escapesAreReadAndWritten() {
        var key = IdempotencyKey.of("\"a\\\"b\\\\c\"");

        assertThat(key.value()).isEqualTo("a\"b\\c");
        assertThat(key.quoted()).isEqualTo("\"a\\\"b\\\\c\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"\"", "\"open", "two words", "a,b", "\"a\" , \"b\"", "k\u00e9y"})
    void everythingElseIsRefused(String header) {
        assertThatThrownBy(() -> IdempotencyKey.of(header))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(400));
    }

    @Test
    void aKeyHasAtMost255Characters() {
        assertThat(IdempotencyKey.of("k".repeat(255)).value()).hasSize(255);
        assertThatThrownBy(() -> IdempotencyKey.of("k".repeat(256))).isInstanceOf(ProblemException.class);
    }
}
