package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordRulesTest {

    private static final User PERSON = new User(
            "jane-doe",
            "Jane Mariposa Doe",
            "jane.doe@example.com",
            Set.of(Role.VIEWER),
            Labels.ALL,
            Set.of(),
            true,
            null,
            false,
            true,
            1,
            Instant.EPOCH,
            Instant.EPOCH,
            null);

    @Test
    void aPasswordHasTwelveTo128CharactersAsPeopleCountThem() {
        assertThat(PasswordRules.fault("xK4!pq9Zw2R", List.of())).contains("shorter");
        assertThat(PasswordRules.fault("xK4!pq9Zw2R7", List.of())).isNull();
        assertThat(PasswordRules.fault("🦜🌵🎻🧲🪁🧶🦑🪵🧊🛶🪗🦔", List.of())).isNull();
        assertThat(PasswordRules.fault("🦜🌵🎻🧲🪁🧶🦑🪵🧊🛶🪗", List.of())).contains("shorter");
        var long128 = "vR3 kTz-".repeat(16);
        assertThat(PasswordRules.fault(long128 + "x", List.of())).contains("longer");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "passwordpassword",
                "Password1234",
                "P@ssw0rd2024!",
                "123456789012",
                "111111111111",
                "qwertyuiop123",
                "1qaz2wsx3edc",
                "abcdefghijkl",
                "iloveyou1234",
                "ILoveYou!!!!",
                "administrator1",
                "welcome2024!!",
                "letmeinletmein",
                "changemechangeme",
                "correcthorsebatterystaple",
                "sunshine123456",
                "football2023!",
                "monkeydragon99",
                "trustno1trustno1",
                "zaq12wsxcde3",
                "syncline1234",
                "Syncline-2026",
                "schedulerscheduler",
                "abcabcabcabcabc",
                "aaaaaaaaaaaab",
                "            ",
                "januar2025!!",
                "michaelmichael1"
            })
    void whatEverybodyTriesFirstIsRefused(String password) {
        assertThat(PasswordRules.fault(password, List.of())).as(password).contains("easy to guess");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jane-doe-1234", "janedoe2024!", "Mariposa12345", "mariposamariposa", "jane.doe@example"})
    void ownNamesAreRefused(String password) {
        assertThat(PasswordRules.fault(password, PERSON)).as(password).contains("easy to guess");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seven blue herons over Skye",
                "tüpfelhyäne im regal",
                "vR3kTzqLm8wY",
                "der Mond ist ein alter Koffer",
                "9f2c7be1a04d",
                "q8#Lr!v0^Tz2",
                "私の猫は毎朝六時に起きて鳴く"
            })
    void everyOtherPasswordIsTakenWhateverItIsMadeOf(String password) {
        assertThat(PasswordRules.fault(password, PERSON)).as(password).isNull();
    }
}
