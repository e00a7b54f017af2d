package io.syncline.provider.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTableTest {

    @Test
    void textsHaveTheirPlacesInTheOrderInWhichTheyCame() {
        var random = new Random(8);
        int most = 200_000;
        var table = new KeyTable(most);
        var expected = new HashMap<String, Integer>();
        for (int i = 0; i < most; i++) {
            var text = Long.toString(random.nextLong(150_000), 36);
            assertThat(table.add(text)).isEqualTo(expected.putIfAbsent(text, expected.size()) == null);
        }

        assertThat(table.size()).isEqualTo(expected.size());
        expected.forEach((text, place) -> assertThat(table.find(text)).isEqualTo(place));
        for (int i = 150_000; i < 300_000; i++) {
            assertThat(table.find(Integer.toString(i, 36))).isEqualTo(-1);
        }
    }

    @Test
    void textsWithOneHashCodeOfJavaAreToldApart() {
        var table = new KeyTable(1 << 14);
        for (int i = 0; i < 1 << 14; i++) {
            assertThat(table.add(withOneHashCode(i))).isTrue();
        }

        for (int i = 0; i < 1 << 14; i++) {
            assertThat(table.find(withOneHashCode(i))).isEqualTo(i);
        }
        assertThat(withOneHashCode(1)).hasSameHashCodeAs(withOneHashCode(4711));
    }

    @Test
    void oneFullTableAndAnEmptyOneFindNothingElse() {
        assertThat(new KeyTable(0).find("a")).isEqualTo(-1);
        var one = new KeyTable(1);
        assertThat(one.add("")).isTrue();
        assertThat(one.add("")).isFalse();
        assertThat(one.find("")).isZero();
        assertThat(one.find("a")).isEqualTo(-1);
    }

    private static String withOneHashCode(int number) {
        var text = new StringBuilder();
        for (int bit = 0; bit < 14; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }
}
