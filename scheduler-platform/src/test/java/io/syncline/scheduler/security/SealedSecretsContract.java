package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.testing.SettableClock;
import io.syncline.scheduler.testing.TestDatabase;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the start promises about stored secrets on every database, shown on the table of signing keys. */
abstract class SealedSecretsContract {

    private final String key = SecretBoxes.newKey();
    private SecretBox box;

    abstract TestDatabase database();

    @BeforeEach
    void noKeys() {
        jdbc().sql("delete from signing_key").update();
        jdbc().sql("delete from unsealed_table").update();
        box = SecretBoxes.withKeys(key);
    }

    private JdbcClient jdbc() {
        return database().jdbc();
    }

    private void start(SecretBox with) {
        new SealedSecrets(with, List.of(rows(with)), jdbc(), database().transactions()).afterPropertiesSet();
    }

    private JdbcKeyRows rows(SecretBox with) {
        return new JdbcKeyRows(jdbc(), with, SettableClock.atNoon(), MemoryKeyRows.properties());
    }

    private void makeKeys() {
        new PlatformKeys(rows(box), MemoryKeyRows.properties(), System::nanoTime).afterPropertiesSet();
    }

    private void beOfAnOlderVersion() {
        makeKeys();
        for (var stored : rows(box).stored()) {
            rows(box).replace(stored.cell(), stored.text(), box.open(stored.text(), stored.cell()));
        }
        jdbc().sql("insert into unsealed_table (table_name) values ('signing_key')")
                .update();
    }

    private List<String> texts() {
        return jdbc().sql("select private_key from signing_key order by kid")
                .query(String.class)
                .list();
    }

    @Test
    void keysAreStoredSealed() {
        makeKeys();

        assertThat(texts()).hasSize(4).allMatch(box::isSealed);
        assertThatCode(() -> start(box)).doesNotThrowAnyException();
    }

    @Test
    void clearTextOfAnOlderVersionIsSealedOnceByManyNodesAtOnce() throws Exception {
        beOfAnOlderVersion();
        var before = texts();
        assertThat(before).noneMatch(box::isSealed);

        var nodes = 4;
        var barrier = new CyclicBarrier(nodes);
        var threads = Executors.newFixedThreadPool(nodes);
        try {
            var starts = threads.invokeAll(IntStream.range(0, nodes)
                    .<Callable<Void>>mapToObj(node -> () -> {
                        barrier.await();
                        start(box);
                        return null;
                    })
                    .toList());
            for (var start : starts) {
                start.get();
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(texts()).allMatch(box::isSealed);
        assertThat(rows(box).stored().stream().map(stored -> box.open(stored.text(), stored.cell())))
                .containsExactlyElementsOf(before);
        assertThat(jdbc().sql("select count(*) from unsealed_table")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void clearTextAfterTheUpgradeStopsTheStart() {
        makeKeys();
        var stored = rows(box).stored().get(0);
        var clear = box.open(stored.text(), stored.cell());
        rows(box).replace(stored.cell(), stored.text(), clear);

        assertRefused(box, stored.cell().row(), "not encrypted", clear);
    }

    @Test
    void ciphertextsExchangedBetweenTwoRowsStopTheStart() {
        makeKeys();
        var stored = rows(box).stored();
        var first = stored.get(0);
        var second = stored.get(1);
        rows(box).replace(first.cell(), first.text(), second.text());
        rows(box).replace(second.cell(), second.text(), first.text());

        assertRefused(box, first.cell().row(), "written for another cell", second.text());
        assertThatThrownBy(() -> rows(box).usable()).isInstanceOf(UnreadableSecretException.class);
    }

    @Test
    void aWrongWrappingKeyStopsTheStart() {
        makeKeys();
        var stored = rows(box).stored().get(0);

        assertRefused(SecretBoxes.withNewKey(), stored.cell().row(), "not among those given", stored.text());
    }

    @Test
    void aStartUnderANewWrappingKeySealsAllAnewAndTheOldOneIsNotNeededLonger() {
        makeKeys();
        var before = rows(box).usable();
        var newKey = SecretBoxes.newKey();

        start(SecretBoxes.withKeys(newKey, key));

        var onlyNew = SecretBoxes.withKeys(newKey);
        assertThatCode(() -> start(onlyNew)).doesNotThrowAnyException();
        assertThat(rows(onlyNew).usable()).isEqualTo(before);
        assertRefused(box, rows(box).stored().get(0).cell().row(), "not among those given", key);
    }

    private void assertRefused(SecretBox with, String row, String why, String neverShown) {
        assertThatThrownBy(() -> start(with)).isInstanceOfSatisfying(RefusedStartException.class, refused -> {
            assertThat(refused)
                    .hasMessageContaining("signing_key.private_key of " + row)
                    .hasMessageContaining(why)
                    .hasMessageNotContaining(neverShown);
            assertThat(refused.action()).contains("SYNCLINE_WRAPPING_KEY_FILE").doesNotContain(neverShown);
            assertThat(refused.getCause()).isNull();
        });
    }
}
