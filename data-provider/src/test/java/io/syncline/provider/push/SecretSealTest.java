package io.syncline.provider.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.syncline.provider.HomeProperties;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSealTest {

    @TempDir
    private Path home;

    private SecretSeal seal(@Nullable String key) {
        return seal(home, key);
    }

    static SecretSeal seal(Path home, @Nullable String key) {
        var properties = new PushProperties(
                true,
                false,
                List.of(),
                key,
                List.of(Duration.ofSeconds(5)),
                Duration.ofSeconds(15),
                Duration.ofHours(24),
                Duration.ofDays(5),
                Duration.ofMillis(500),
                200,
                1);
        return new SecretSeal(properties, new HomeProperties(home));
    }

    @Test
    void aSecretIsOpenedByAnotherInstanceOfTheSameFolderForItsSubscriptionAlone() throws Exception {
        var sealed = seal(null).seal("whsec_abc", "one");

        assertThat(sealed).doesNotContain("abc");
        assertThat(seal(null).open(sealed, "one")).isEqualTo("whsec_abc");
        assertThatIllegalStateException().isThrownBy(() -> seal(null).open(sealed, "two"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("push.key"))))
                .isEqualTo("rw-------");
        assertThat(seal(null).seal("whsec_abc", "one")).isNotEqualTo(sealed);
    }

    @Test
    void aConfiguredKeyNeedsNoFile() {
        var key = Base64.getEncoder().encodeToString(new byte[32]);

        assertThat(seal(key).open(seal(key).seal("secret", "one"), "one")).isEqualTo("secret");
        assertThat(home.resolve("push.key")).doesNotExist();
        assertThatIllegalArgumentException().isThrownBy(() -> seal("c2hvcnQ=")).withMessageContaining("32 bytes");
    }

    @Test
    void theFirstOfSeveralKeysSealsAndTheOthersOpen() {
        var old = Base64.getEncoder().encodeToString(new byte[32]);
        var bytes = new byte[32];
        bytes[0] = 1;
        var young = Base64.getEncoder().encodeToString(bytes);
        var ofOld = seal(old).seal("secret", "one");

        var both = seal(young + ", " + old);
        var ofBoth = both.seal("secret", "one");

        assertThat(both.open(ofOld, "one")).isEqualTo("secret");
        assertThat(both.isCurrent(ofOld, "one")).isFalse();
        assertThat(both.isCurrent(ofBoth, "one")).isTrue();
        assertThat(seal(young).open(ofBoth, "one")).isEqualTo("secret");
        assertThatIllegalStateException()
                .isThrownBy(() -> seal(young).open(ofOld, "one"))
                .withMessageContaining("a key that is not here");
    }

    @Test
    void theKeyOfTheFileOpensBehindAConfiguredOne() {
        var key = Base64.getEncoder().encodeToString(new byte[32]);
        var ofFile = seal(null).seal("secret", "one");

        var configured = seal(key);

        assertThat(configured.open(ofFile, "one")).isEqualTo("secret");
        assertThat(configured.isCurrent(ofFile, "one")).isFalse();
    }
}
