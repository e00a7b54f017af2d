package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What OWASP's ASVS 5.0 asks of passwords (6.2, 11.4.2) and of guessing them (6.3.1). */
class PeoplesPasswordsTest {

    private static final List<String> ANNAS = List.of("anna", "lindqvist");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short-one",
                "password1234",
                "P@ssw0rd2026!",
                "qwertyuiop123",
                "123456789012",
                "aaaaaaaaaaaaaaaa",
                "letmeinletmein",
                "iloveyou2024",
                "1q2w3e4r5t6y7u",
                "administrator1",
                "welcome2welcome"
            })
    void whatEverybodyTriesFirstIsRefused(String password) {
        assertThat(PasswordRules.fault(password, List.of())).as(password).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"syncline-2026", "Syncline12345", "portalscheduler", "anna-lindqvist", "Lindqvist1999!"})
    void theProductsNameAndThePersonsOwnAreNoPasswords(String password) {
        assertThat(PasswordRules.fault(password, ANNAS)).as(password).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "correct horse battery staple",
                "vinterregn over brygga",
                "8271649305183746",
                "zmqkxwvbnhtr",
                "Übergrößenträger",
                "      spaces  count too ",
                "🦔🦔🌲🌳🪵🍂🍁🌰🐿🦉🦡🦊"
            })
    void anyCompositionOfTwelveCharactersOrMoreIsTaken(String password) {
        assertThat(PasswordRules.fault(password, ANNAS)).as(password).isNull();
    }

    @Test
    void longOnesAreTakenUpToOneHundredAndTwentyEightCharacters() {
        var long64 = "kq7Zt3mW9xB2vN8r".repeat(1) + "dF5hJ1sL6pC0yG4uA2eR8tI3oQ7wX9zM" + "b6nV1cK5jH0gD4fS";

        assertThat(long64).hasSize(64);
        assertThat(PasswordRules.fault(long64, ANNAS)).isNull();
        assertThat(PasswordRules.fault(long64 + new StringBuilder(long64).reverse(), ANNAS))
                .isNull();
        assertThat(PasswordRules.fault(long64 + long64 + "x", ANNAS)).isNotNull();
    }

    @Test
    void aPasswordIsComparedExactlyAsItCame() {
        var passwords = new Passwords();
        var hash = passwords.hash("Correct Horse  Battery");

        assertThat(passwords.matches("Correct Horse  Battery", hash)).isTrue();
        for (var other : List.of(
                "correct Horse  Battery",
                "Correct Horse Battery",
                "Correct Horse  Battery ",
                "Correct Horse  Batter",
                "Correct Horse  Battery\u0000")) {
            assertThat(passwords.matches(other, hash)).as(other).isFalse();
        }
    }

    @Test
    void passwordsAreStoredByArgon2idWithASaltOfTheirOwn() {
        var passwords = new Passwords();

        assertThat(passwords.hash("vinterregn over brygga"))
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$")
                .isNotEqualTo(passwords.hash("vinterregn over brygga"));
        assertThat(passwords.matches("vinterregn over brygga", null)).isFalse();
    }

    @Test
    void afterFourFailuresEachFurtherOneDoublesTheWaitUpToAQuarterOfAnHour() {
        assertThat(List.of(1, 4, 5, 6, 7, 100))
                .extracting(failures -> SignInDelays.delayAfter(failures, 4))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40),
                        Duration.ofMinutes(15));
    }
}
