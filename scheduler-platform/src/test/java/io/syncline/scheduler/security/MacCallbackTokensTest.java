package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MacCallbackTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String TASK_RUN = "019aa000-0000-7000-8000-000000000001";

    private Instant now = NOW;
    private MacCallbackTokens tokens;

    @BeforeEach
    void makeKeys() {
        tokens = withFreshKeys();
    }

    private MacCallbackTokens withFreshKeys() {
        var keys = new PlatformKeys(new MemoryKeyRows(), MemoryKeyRows.properties(), () -> 0);
        keys.afterPropertiesSet();
        return new MacCallbackTokens(keys, () -> now);
    }

    @Test
    void aTokenIsGoodForItsTaskRunAndAttemptUntilItExpires() {
        var token = tokens.issue(TASK_RUN, 2, NOW.plusMillis(1500));

        assertThat(tokens.verify(token)).contains(new CallbackGrant(TASK_RUN, 2, NOW.plusSeconds(2)));
        assertThat(tokens.verify(token)).isPresent();
        now = NOW.plusSeconds(2);
        assertThat(tokens.verify(token)).isEmpty();
    }

    @Test
    void theSameGrantGivesTheSameToken() {
        assertThat(tokens.issue(TASK_RUN, 1, NOW)).isEqualTo(tokens.issue(TASK_RUN, 1, NOW));
    }

    @Test
    void whatWasChangedOrMadeElsewhereIsRefused() {
        var token = tokens.issue(TASK_RUN, 2, NOW.plusSeconds(60));
        var parts = token.split("\\.");
        var otherGrant =
                TokenForge.encode("1 " + TASK_RUN + " 3 " + NOW.plusSeconds(60).getEpochSecond());

        assertThat(tokens.verify("cb1." + otherGrant + "." + parts[2])).isEmpty();
        assertThat(tokens.verify("cb1." + parts[1] + "." + TokenForge.encode(new byte[32])))
                .isEmpty();
        assertThat(tokens.verify("cb1." + parts[1] + ".")).isEmpty();
        assertThat(tokens.verify("cb1." + parts[1])).isEmpty();
        assertThat(tokens.verify(token + "=")).isEmpty();
        assertThat(tokens.verify("cb1.%%%." + parts[2])).isEmpty();
        assertThat(tokens.verify("cb1." + "A".repeat(600) + "." + parts[2])).isEmpty();
        assertThat(withFreshKeys().verify(token)).isEmpty();
    }
}
