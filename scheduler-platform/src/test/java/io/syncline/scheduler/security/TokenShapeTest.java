package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenShapeTest {

    private static TokenShape living(Duration lifetime) {
        return new TokenShape(Map.of(), lifetime, null);
    }

    @Test
    void aTokenLivesOneToFifteenMinutes() {
        assertThat(living(Duration.ofMinutes(1)).lifetime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(living(Duration.ofMinutes(15)).lifetime()).isEqualTo(Duration.ofMinutes(15));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> living(Duration.ofMinutes(1).minusNanos(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> living(Duration.ofMinutes(15).plusNanos(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat", "nbf", "jti", "client_id", "scope"})
    void whatThePlatformAloneWritesIsNoClaimOfATask(String claim) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenShape(Map.of("tenant", "a", claim, "b"), TokenShape.LIFETIME, null));
    }

    @Test
    void otherClaimsAreKeptAsTheyWere() {
        var claims = new HashMap<>(Map.of("tenant", "a"));
        var shape = new TokenShape(claims, TokenShape.LIFETIME, "billing-api");
        claims.put("sub", "somebody");

        assertThat(shape.claims()).isEqualTo(Map.of("tenant", "a"));
        assertThat(shape.audience()).isEqualTo("billing-api");
    }

    @Test
    void noTokenForADownstreamIsGoodAtThePlatform() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TokenShape(Map.of(), TokenShape.LIFETIME, "syncline"));
    }
}
