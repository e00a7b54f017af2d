package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsonwebtoken.Jwts;
import org.junit.jupiter.api.Test;

class GoodSignaturesTest {

    private final GoodSignatures good = new GoodSignatures();
    private final java.security.PublicKey key = Jwts.SIG.ES256.keyPair().build().getPublic();

    @Test
    void aTokenIsRememberedWithItsKeyAlone() {
        good.add(GoodSignatures.hash("token"), key);

        assertThat(good.has(GoodSignatures.hash("token"), key)).isTrue();
        assertThat(good.has(GoodSignatures.hash("token."), key)).isFalse();
        assertThat(good.has(
                        GoodSignatures.hash("token"),
                        Jwts.SIG.ES256.keyPair().build().getPublic()))
                .isFalse();
    }

    @Test
    void aThousandAreRememberedAndThoseThatAreShownStayLongest() {
        for (int i = 0; i < 1_000; i++) {
            good.add(GoodSignatures.hash("token-" + i), key);
        }
        assertThat(good.has(GoodSignatures.hash("token-0"), key)).isTrue();

        good.add(GoodSignatures.hash("one-more"), key);

        assertThat(good.has(GoodSignatures.hash("token-0"), key)).isTrue();
        assertThat(good.has(GoodSignatures.hash("token-1"), key)).isFalse();
        assertThat(good.has(GoodSignatures.hash("one-more"), key)).isTrue();
    }
}
