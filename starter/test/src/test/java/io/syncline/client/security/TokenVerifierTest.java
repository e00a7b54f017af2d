package io.syncline.client.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.Jwts;
import io.syncline.client.test.TokenAttacks;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierTest {

    private static final String ISSUER = "https://sync.example.com";
    private static final String KID = "key-1";
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final KeyPair KEYS = Jwts.SIG.ES256.keyPair().build();
    private static final TokenAttacks TOKENS = new TokenAttacks(
            KID, KEYS, Map.of("iss", ISSUER, "sub", "syncline", "aud", "billing", "scope", "data:read"), NOON);

    private static TokenVerifier verifier(Instant now) {
        return new TokenVerifier(
                kid -> kid.equals(KID) ? Optional.of(new VerificationKey(KEYS.getPublic(), "ES256")) : Optional.empty(),
                ISSUER,
                Clock.fixed(now, ZoneOffset.UTC));
    }

    static Stream<TokenAttacks.Attack> attacks() {
        return TOKENS.all("http://127.0.0.1:1/jwks.json").stream();
    }

    @Test
    void aGoodTokenIsTaken() throws Exception {
        var token = verifier(NOON).verify(TOKENS.good(), Set.of("billing"));

        assertThat(token.subject()).isEqualTo("syncline");
        assertThat(token.allows("data:read")).isTrue();
        assertThat(token.allows("payload:read")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void everyAttackIsRefused(TokenAttacks.Attack attack) {
        assertThatThrownBy(() -> verifier(NOON).verify(attack.token(), Set.of("billing")))
                .isInstanceOf(BadTokenException.class);
    }

    @Test
    void clocksMayDifferByThirtySecondsAndNotOneMore() throws Exception {
        var token = TOKENS.good();
        var end = NOON.plusSeconds(300);

        assertThat(verifier(end.plusSeconds(29)).verify(token, Set.of("billing")))
                .isNotNull();
        assertThat(verifier(NOON.minusSeconds(30)).verify(token, Set.of("billing")))
                .isNotNull();
        assertThatThrownBy(() -> verifier(end.plusSeconds(31)).verify(token, Set.of("billing")))
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> verifier(NOON.minusSeconds(31)).verify(token, Set.of("billing")))
                .hasMessageContaining("future");
    }

    @Test
    void theOtherAlgorithmsOfTheContractAreTakenWithTheirOwnKeysAlone() throws Exception {
        var rsa = Jwts.SIG.RS256.keyPair().build();
        var edwards = io.jsonwebtoken.security.Jwks.CRV.Ed25519.keyPair().build();
        var keys = Map.of(
                "rsa", new VerificationKey(rsa.getPublic(), "RS256"),
                "ed", new VerificationKey(edwards.getPublic(), null));
        var verifier =
                new TokenVerifier(kid -> Optional.ofNullable(keys.get(kid)), ISSUER, Clock.fixed(NOON, ZoneOffset.UTC));

        for (var good : Map.of("rsa", rsa, "ed", edwards).entrySet()) {
            assertThat(verifier.verify(token(good.getKey(), good.getValue()), Set.of("billing")))
                    .isNotNull();
        }
        assertThatThrownBy(() -> verifier.verify(token("rsa", edwards), Set.of("billing")))
                .isInstanceOf(BadTokenException.class);
        assertThatThrownBy(() -> verifier.verify(token("ed", rsa), Set.of("billing")))
                .isInstanceOf(BadTokenException.class);
    }

    private static String token(String kid, KeyPair keys) {
        return Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid)
                .and()
                .issuer(ISSUER)
                .subject("syncline")
                .claim("aud", "billing")
                .id("1")
                .issuedAt(Date.from(NOON))
                .expiration(Date.from(NOON.plusSeconds(300)))
                .signWith(keys.getPrivate())
                .compact();
    }
}
