package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.security.ProblemException;
import io.syncline.scheduler.testing.Seeds;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListCursorTest {

    private static final String CHARACTERS = "aZ0 _-=+/|,\u0000éЖ語\n";

    private static String text(Random random, int longest) {
        var text = new StringBuilder();
        for (int i = random.nextInt(longest) + 1; i > 0; i--) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }

    @Test
    void aListReadsBackWhatItWrote() {
        Seeds.each(2_000, random -> {
            var list = text(random, 30);
            var last = text(random, 30);

            assertThat(ListCursor.read(list, ListCursor.write(list, last))).isEqualTo(last);
        });
    }

    @Test
    void anotherListOrOtherFiltersAreRefused() {
        Seeds.each(2_000, random -> {
            var list = text(random, 30);
            var cursor = ListCursor.write(list, text(random, 30));

            assertThatThrownBy(() -> ListCursor.read(list + text(random, 3), cursor))
                    .isInstanceOf(ProblemException.class);
        });
    }

    @Test
    void anyTextIsRefusedAndNothingElse() {
        Seeds.each(
                5_000,
                random -> assertThatThrownBy(() -> ListCursor.read("runs", text(random, 40)))
                        .isInstanceOf(ProblemException.class));
    }

    @Test
    void withoutACursorAListBeginsAtItsBeginning() {
        assertThat(ListCursor.read("runs", null)).isNull();
    }
}
