package io.syncline.client.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsonwebtoken.Jwts;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerifiedTokensTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final VerificationKey KEY =
            new VerificationKey(Jwts.SIG.ES256.keyPair().build().getPublic(), "ES256");

    private static VerifiedToken until(Instant end) {
        return new VerifiedToken(
                "key-1", KEY, NOON, null, end, new PlatformToken("syncline", Set.of("billing"), List.of()));
    }

    @Test
    void theOneThatWasNotUsedForTheLongestTimeGivesWay() {
        var tokens = new VerifiedTokens(2);
        tokens.keep("first", until(NOON.plusSeconds(300)), NOON);
        tokens.keep("second", until(NOON.plusSeconds(300)), NOON);
        assertThat(tokens.find("first")).isNotNull();

        tokens.keep("third", until(NOON.plusSeconds(300)), NOON);

        assertThat(tokens.size()).isEqualTo(2);
        assertThat(tokens.find("first")).isNotNull();
        assertThat(tokens.find("second")).isNull();
        assertThat(tokens.find("third")).isNotNull();
    }

    @Test
    void whatHasExpiredGoesWithTheNextThatIsKept() {
        var tokens = new VerifiedTokens(10);
        tokens.keep("short", until(NOON.plusSeconds(10)), NOON);
        tokens.keep("long", until(NOON.plusSeconds(300)), NOON);

        tokens.keep("next", until(NOON.plusSeconds(300)), NOON.plusSeconds(11));

        assertThat(tokens.size()).isEqualTo(2);
        assertThat(tokens.find("short")).isNull();
    }

    @Test
    void withZeroNothingIsKept() {
        var tokens = new VerifiedTokens(0);

        tokens.keep("any", until(NOON.plusSeconds(300)), NOON);

        assertThat(tokens.find("any")).isNull();
        assertThat(tokens.size()).isZero();
    }
}
