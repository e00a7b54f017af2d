package io.syncline.consumer.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineFieldsTest {

    private static final int CASES = 2_000 * Integer.getInteger("syncline.seeds", 1);
    private static final String CHARACTERS = "ab ,\"'\t\ré語";

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }

    @Test
    void whatWasWrittenIsRead() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var fields = new ArrayList<String>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                fields.add(text(random));
            }
            var line = fields.stream()
                    .map(field -> field.contains(",") || field.contains("\"") || random.nextInt(4) == 0
                            ? '"' + field.replace("\"", "\"\"") + '"'
                            : field)
                    .collect(Collectors.joining(","));

            assertThat(LineFields.of(line)).as("seed %d: %s", seed, line).isEqualTo(fields);
        }
    }

    @Test
    void anyLineIsReadOrRefusedAndNothingElse() {
        for (int seed = 0; seed < CASES; seed++) {
            var line = text(new Random(seed));
            var fields = LineFields.of(line);

            if (line.indexOf('"') < 0) {
                assertThat(fields).as("seed %d: %s", seed, line).containsExactly(line.split(",", -1));
            } else if (fields != null) {
                assertThat(fields).as("seed %d: %s", seed, line).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"a", "a,\"b", "\"a\"b", "\"a\" ,b", "\"a\"\"", "\"\"\""})
    void aQuoteThatIsNotClosedOrHasTextBehindItIsRefused(String line) {
        assertThat(LineFields.of(line)).isNull();
    }
}
