package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.scheduler.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;

/** A token has one spelling: whatever else is sent is refused, and nothing sent makes the reader fail. */
class TokenPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ISSUER = "https://sync.example.com";
    private static final String CHARACTERS = "ABCabc012-_.=+/ \n\u0000é{}\"";

    private PlatformKeys keys;
    private StrictJwtDecoder accessTokens;
    private MacCallbackTokens callbackTokens;

    @BeforeEach
    void makeKeys() {
        keys = new PlatformKeys(new MemoryKeyRows(), MemoryKeyRows.properties(), () -> 0);
        keys.afterPropertiesSet();
        accessTokens = new StrictJwtDecoder(keys, () -> NOW, new PlatformProperties(ISSUER + "/"));
        callbackTokens = new MacCallbackTokens(keys, () -> NOW);
    }

    private static char anyCharacter(Random random) {
        return CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
    }

    /** One character exchanged, left out, put in or moved: never the same text. */
    private static String damaged(String token, Random random) {
        while (true) {
            int at = random.nextInt(token.length());
            var damaged = switch (random.nextInt(4)) {
                case 0 -> token.substring(0, at) + anyCharacter(random) + token.substring(at + 1);
                case 1 -> token.substring(0, at) + token.substring(at + 1);
                case 2 -> token.substring(0, at) + anyCharacter(random) + token.substring(at);
                default -> token.substring(at) + token.substring(0, at);
            };
            if (!damaged.equals(token)) {
                return damaged;
            }
        }
    }

    @Test
    void noDamagedAccessTokenIsTaken() {
        Seeds.each(300, random -> {
            var token = new TokenForge(keys.signer(), ISSUER, NOW).signed();

            assertThatThrownBy(() -> accessTokens.decode(damaged(token, random)))
                    .isInstanceOf(BadJwtException.class);
        });
    }

    @Test
    void noDamagedCallbackTokenIsTaken() {
        Seeds.each(2_000, random -> {
            var token = callbackTokens.issue(
                    "019aa000-0000-7000-8000-00000000000" + random.nextInt(10), 1, NOW.plusSeconds(60));

            assertThat(callbackTokens.verify(damaged(token, random))).isEmpty();
        });
    }

    @Test
    void aCallbackTokenIsGoodForWhatItWasMadeForAndNothingElse() {
        Seeds.each(1_000, random -> {
            var taskRun = new java.util.UUID(random.nextLong(), random.nextLong()).toString();
            int attempt = 1 + random.nextInt(999_999_999);
            var expires = NOW.plusSeconds(1 + random.nextInt(1_000_000));

            assertThat(callbackTokens.verify(callbackTokens.issue(taskRun, attempt, expires)))
                    .contains(new CallbackGrant(taskRun, attempt, expires));
        });
    }

    @Test
    void anyTextIsRefusedAndNothingElse() {
        Seeds.each(2_000, random -> {
            var text = new StringBuilder(random.nextBoolean() ? "cb1." : "");
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(anyCharacter(random));
            }
            assertThatThrownBy(() -> accessTokens.decode(text.toString())).isInstanceOf(BadJwtException.class);
            assertThat(callbackTokens.verify(text.toString())).isEmpty();
        });
    }

    @Test
    void anyJsonInAnyPartIsRefusedAndNothingElse() {
        var contents = new String[] {
            "{}",
            "[]",
            "null",
            "7",
            "\"a\"",
            "{\"alg\":\"none\"}",
            "{\"alg\":[]}",
            "{\"kid\":{}}",
            "{\"a\":1,\"a\":2}",
            "{\"exp\":1e999}",
            "{\"exp\":-1}",
            "{\"iat\":1,\"exp\":99999999999999999999}",
            "",
            " ",
            "{\"iss\":null}",
            "\uFEFF{}"
        };
        Seeds.each(500, random -> {
            var forge = new TokenForge(keys.signer(), ISSUER, NOW);
            var header = random.nextBoolean() ? forge.headerJson() : contents[random.nextInt(contents.length)];
            var payload = contents[random.nextInt(contents.length)];
            var content = TokenForge.encode(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + TokenForge.encode(payload.getBytes(StandardCharsets.UTF_8));

            assertThatThrownBy(() -> accessTokens.decode(content + "." + TokenForge.encode(forge.signature(content))))
                    .isInstanceOf(BadJwtException.class);
        });
    }
}
