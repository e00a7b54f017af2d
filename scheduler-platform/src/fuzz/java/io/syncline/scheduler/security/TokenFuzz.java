package io.syncline.scheduler.security;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import org.springframework.security.oauth2.jwt.BadJwtException;

/**
 * Any text is refused as an access token and as a callback token: nobody guesses a signature, and no text makes a reader
 * fail in another way. Half of the tries are signed rightly and lie in their header and claims alone.
 */
class TokenFuzz {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ISSUER = "https://sync.example.com";
    private static final PlatformKeys KEYS = keys();
    private static final StrictJwtDecoder ACCESS_TOKENS =
            new StrictJwtDecoder(KEYS, () -> NOW, new PlatformProperties(ISSUER + "/"));
    private static final MacCallbackTokens CALLBACK_TOKENS = new MacCallbackTokens(KEYS, () -> NOW);

    private static PlatformKeys keys() {
        var keys = new PlatformKeys(new MemoryKeyRows(), MemoryKeyRows.properties(), () -> 0);
        keys.afterPropertiesSet();
        return keys;
    }

    @FuzzTest(maxDuration = "1m")
    void aToken(FuzzedDataProvider data) {
        if (data.consumeBoolean()) {
            var forge = new TokenForge(KEYS.signer(), ISSUER, NOW);
            var header = data.consumeBoolean() ? forge.headerJson() : data.consumeString(200);
            var content = TokenForge.encode(header) + "." + TokenForge.encode(data.consumeRemainingAsString());
            refusedAsAccess(content + "." + TokenForge.encode(forge.signature(content)));
        } else {
            var text = data.consumeRemainingAsString();
            refusedAsAccess(text);
            if (CALLBACK_TOKENS.verify(text).isPresent()
                    || CALLBACK_TOKENS.verify("cb1." + text).isPresent()) {
                throw new AssertionError("a callback token that nobody has made: " + text);
            }
        }
    }

    private static void refusedAsAccess(String token) {
        try {
            ACCESS_TOKENS.decode(token);
        } catch (BadJwtException refused) {
            return;
        }
        throw new AssertionError("an access token that nobody has made: " + token);
    }
}
