package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.security.SecretBox.Cell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AesSecretBoxTest {

    private static final Cell CELL = new Cell("credential", "billing/plans", "secret");

    private static String newKey() {
        return Base64.getEncoder().encodeToString(AesGcm.newKey());
    }

    private static SecretBox box(String keys) {
        return new AesSecretBox(new LocalKeyWrapper(new WrappingKeyProperties(keys, null)));
    }

    @Test
    void whatIsSealedOpensInItsCellAndIsNowhereToBeSeen() {
        var box = box(newKey());

        var sealed = box.seal("päss wörd", CELL);

        assertThat(sealed).doesNotContain("wörd").matches("[\\x21-\\x7e]+");
        assertThat(box.isSealed(sealed)).isTrue();
        assertThat(box.isSealed("päss wörd")).isFalse();
        assertThat(box.open(sealed, CELL)).isEqualTo("päss wörd");
        assertThat(box.seal("päss wörd", CELL)).isNotEqualTo(sealed);
    }

    @Test
    void aSwappedCiphertextIsRefused() {
        var box = box(newKey());
        var sealed = box.seal("secret", CELL);

        for (var other : new Cell[] {
            new Cell("client", CELL.row(), CELL.column()),
            new Cell(CELL.table(), "billing/other", CELL.column()),
            new Cell(CELL.table(), CELL.row(), "old_secret")
        }) {
            assertThatThrownBy(() -> box.open(sealed, other))
                    .isInstanceOf(UnreadableSecretException.class)
                    .hasMessageContaining("another cell");
        }
        var parts = sealed.split("\\.");
        var second = box.seal("other", CELL).split("\\.");
        var mixed = String.join(".", parts[0], parts[1], parts[2], second[3]);
        assertThatThrownBy(() -> box.open(mixed, CELL)).isInstanceOf(UnreadableSecretException.class);
    }

    @Test
    void everyChangedCharacterIsNoticed() {
        var box = box(newKey());
        var sealed = box.seal("secret", CELL);

        for (int at = 0; at < sealed.length(); at++) {
            var changed = sealed.substring(0, at) + (sealed.charAt(at) == 'A' ? 'B' : 'A') + sealed.substring(at + 1);
            assertThatThrownBy(() -> assertThat(box.open(changed, CELL)).isNotEqualTo("secret"))
                    .isInstanceOf(UnreadableSecretException.class);
        }
    }

    @Test
    void anOlderWrappingKeyStillOpensAndTheSecretIsToBeSealedAnew() {
        var old = newKey();
        var sealed = box(old).seal("secret", CELL);

        var rotated = box(newKey() + "\n" + old);

        assertThat(rotated.open(sealed, CELL)).isEqualTo("secret");
        assertThat(rotated.isOutdated(sealed)).isTrue();
        assertThat(rotated.isOutdated(rotated.seal("secret", CELL))).isFalse();
        assertThatThrownBy(() -> box(newKey()).open(sealed, CELL))
                .isInstanceOf(UnreadableSecretException.class)
                .hasMessageContaining("not among those given");
        assertThatThrownBy(() -> rotated.open("plain text", CELL)).hasMessageContaining("not encrypted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not base64!",
                "c2hvcnQ=",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
            })
    void aBadOrKnownWrappingKeyStopsTheStart(String key) {
        assertThatThrownBy(() -> box(key))
                .isInstanceOfSatisfying(
                        RefusedStartException.class,
                        refused -> assertThat(refused.action()).contains("openssl rand"));
    }

    @Test
    void anUnsetWrappingKeyStopsTheStartWithWhatToDo() {
        assertThatThrownBy(() -> new LocalKeyWrapper(new WrappingKeyProperties(" ", null)))
                .isInstanceOfSatisfying(RefusedStartException.class, refused -> {
                    assertThat(refused).hasMessageContaining("No wrapping key is set");
                    assertThat(refused.action()).contains("SYNCLINE_WRAPPING_KEY_FILE");
                });
    }

    @Test
    void aFileHoldsTheKeysALineEach(@TempDir Path folder) throws Exception {
        var file = folder.resolve("wrapping.key");
        var one = newKey();
        var other = newKey();
        Files.writeString(file, one + "\n" + other + "\n");

        var wrapper = new LocalKeyWrapper(new WrappingKeyProperties(null, file));

        assertThat(wrapper.isOneOf(one)).isTrue();
        assertThat(wrapper.isOneOf(other)).isTrue();
        assertThat(wrapper.isOneOf(newKey())).isFalse();
        assertThatThrownBy(() -> new LocalKeyWrapper(new WrappingKeyProperties(one, file)))
                .isInstanceOf(RefusedStartException.class);
        assertThatThrownBy(() -> new LocalKeyWrapper(new WrappingKeyProperties(null, folder.resolve("none"))))
                .isInstanceOf(RefusedStartException.class)
                .hasMessageContaining("cannot be read");
    }
}
