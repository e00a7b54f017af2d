package io.syncline.provider.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ChangeCursorPropertiesTest {

    private static final int CASES = 5_000 * Integer.getInteger("syncline.seeds", 1);
    private static final String CHARACTERS = "ABCabcxyz0189_-=+/ é";

    @Test
    void aFeedReadsBackItsOwnCursorsAndNoOthers() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var dataset = "plans-" + random.nextInt(100);
            long seq = random.nextLong(random.nextBoolean() ? 100 : 999_999_999_999_999_999L);
            var cursor = ChangeCursor.after(dataset, seq);

            assertThat(ChangeCursor.read(dataset, cursor)).as("seed %d", seed).hasValue(seq);
            assertThat(ChangeCursor.read(dataset + "x", cursor))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void aDamagedCursorIsNoneOrThatOfAnotherPlaceWrittenAsThatPlaceIs() {
        for (int seed = 0; seed < CASES; seed++) {
            var random = new Random(seed);
            var cursor = new StringBuilder(ChangeCursor.after("plans", random.nextInt(1_000_000)));
            cursor.setCharAt(random.nextInt(cursor.length()), CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            if (random.nextBoolean()) {
                cursor.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
            }
            var damaged = cursor.toString();

            var read = ChangeCursor.read("plans", damaged);

            read.ifPresent(seq -> assertThat(ChangeCursor.after("plans", seq)).isEqualTo(damaged));
        }
    }
}
