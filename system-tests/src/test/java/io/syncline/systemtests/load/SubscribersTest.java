package io.syncline.systemtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class SubscribersTest {

    @Test
    void twoMillionSubscribersHaveIdsOfTheirOwn() {
        var seen = new BitSet();

        for (int i = 0; i < 2_000_000; i++) {
            var id = Subscribers.id(i);
            int word = 0;
            for (int letter = 5; letter < 10; letter++) {
                word = word * 26 + id.charAt(letter) - 'A';
            }
            assertThat(seen.get(word)).isFalse();
            seen.set(word);
        }

        assertThat(Subscribers.id(0)).matches("\\d{4}-[A-Z]{5}");
    }

    @Test
    void aSubscriberIsTheSameEachTime() {
        var one = Subscribers.madeUp();
        var other = Subscribers.madeUp();

        for (int i = 0; i < 1_000; i++) {
            assertThat(one.row(i))
                    .isEqualTo(other.row(i))
                    .hasSize(Subscribers.COLUMNS.size())
                    .startsWith(Subscribers.id(i));
        }
        assertThat(one.row(3)).isNotEqualTo(one.row(4));
    }
}
