package io.syncline.provider.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowIdTest {

    private static final int CASES = 2_000 * Integer.getInteger("syncline.seeds", 1);

    @Test
    void aKeyOfSeveralColumnsIsReadAsItWasWritten() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var parts = new ArrayList<String>();
            for (int i = 2 + random.nextInt(3); i > 0; i--) {
                var part = new StringBuilder();
                for (int length = random.nextInt(6); length > 0; length--) {
                    part.append("a~,é ".charAt(random.nextInt(5)));
                }
                parts.add(part.toString());
            }
            var id = RowId.write(parts);

            assertThat(RowId.read(id, parts.size())).as("seed %d: %s", seed, id).isEqualTo(parts);
        }
    }
}
