package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How passwords are kept and compared, and how guessing them is slowed down. Which are taken: {@link PasswordRulesTest}. */
class PeoplesPasswordsTest {

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
