package io.syncline.systemtests.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.csv.CsvTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    @Test
    void subscribersKnownByTheirNumbersHaveThoseThatAreGivenFirst() {
        var plain = Subscribers.madeUp();
        var known = plain.withNumbers(List.of("07610039694", "07434677419"));

        assertThat(known.given()).isEqualTo(2);
        assertThat(known.row(0)).startsWith("07610039694").endsWith(tail(plain.row(0)));
        assertThat(known.row(1)).startsWith("07434677419");
        assertThat(known.row(2)).startsWith(Subscribers.number(0)).endsWith(tail(plain.row(2)));
    }

    @Test
    void twoMillionNumbersAreDifferentAndKeepTheirLeadingZeros() {
        var seen = new BitSet();

        for (int i = 0; i < 2_000_000; i++) {
            var number = Subscribers.number(i);
            assertThat(number.length()).isEqualTo(12);
            assertThat(number.startsWith("000")).isTrue();
            int digits = Integer.parseInt(number);
            assertThat(seen.get(digits)).isFalse();
            seen.set(digits);
        }
    }

    @Test
    void theFileOfSubscribersIsTheSameEachTime(@TempDir Path folder) throws IOException {
        var one = SubscriberFile.write(folder.resolve("one.csv.gz"), Subscribers.madeUp(), 500);
        var other = SubscriberFile.write(folder.resolve("other.csv.gz"), Subscribers.madeUp(), 500);

        assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(other));
        var table = CsvTable.read(one, "customerID");
        assertThat(table.header()).isEqualTo(Subscribers.COLUMNS);
        assertThat(table.rows()).hasSize(500);
        assertThat(table.rows().get(Subscribers.id(499)))
                .containsExactly(Subscribers.madeUp().row(499));
    }

    private static String[] tail(String[] row) {
        return Arrays.copyOfRange(row, 1, row.length);
    }
}
