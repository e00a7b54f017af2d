package io.syncline.client.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.Jwts;
import io.syncline.client.test.TokenAttacks;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
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

    private final Map<String, VerificationKey> keys =
            new ConcurrentHashMap<>(Map.of(KID, new VerificationKey(KEYS.getPublic(), "ES256")));
    private final VerifiedTokens verified = new VerifiedTokens(100);

    private TokenVerifier verifier(Instant now) {
        return new TokenVerifier(
                kid -> Optional.ofNullable(keys.get(kid)), ISSUER, Clock.fixed(now, ZoneOffset.UTC), verified);
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
    void everyAttackIsRefused(TokenAttacks.Attack attack) throws Exception {
        verifier(NOON).verify(TOKENS.good(), Set.of("billing"));

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
        keys.put("rsa", new VerificationKey(rsa.getPublic(), "RS256"));
        keys.put("ed", new VerificationKey(edwards.getPublic(), null));
        var verifier = verifier(NOON);

        for (var good : Map.of("rsa", rsa, "ed", edwards).entrySet()) {
            assertThat(verifier.verify(token(good.getKey(), good.getValue()), Set.of("billing")))
                    .isNotNull();
        }
        assertThatThrownBy(() -> verifier.verify(token("rsa", edwards), Set.of("billing")))
                .isInstanceOf(BadTokenException.class);
        assertThatThrownBy(() -> verifier.verify(token("ed", rsa), Set.of("billing")))
                .isInstanceOf(BadTokenException.class);
    }

    @Test
    void aSignatureIsCheckedOnce() throws Exception {
        var known = new PlatformToken("known", Set.of("billing"), List.of());
        verified.keep("a.b.c", new VerifiedToken(KID, keys.get(KID), NOON, null, NOON.plusSeconds(300), known), NOON);

        assertThat(verifier(NOON).verify("a.b.c", Set.of("billing"))).isSameAs(known);
    }

    @Test
    void aKnownTokenIsRefusedAfterItsEnd() throws Exception {
        var token = TOKENS.good();
        verifier(NOON).verify(token, Set.of("billing"));
        assertThat(verified.size()).isEqualTo(1);
        var end = NOON.plusSeconds(300);

        assertThat(verifier(end.plusSeconds(30)).verify(token, Set.of("billing")))
                .isNotNull();
        assertThatThrownBy(() -> verifier(end.plusSeconds(31)).verify(token, Set.of("billing")))
                .isInstanceOf(BadTokenException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void aKnownTokenIsRefusedBeforeItsBeginning() throws Exception {
        var token = token(KID, KEYS, NOON.plusSeconds(60));
        verifier(NOON.plusSeconds(60)).verify(token, Set.of("billing"));
        assertThat(verified.size()).isEqualTo(1);

        assertThat(verifier(NOON.plusSeconds(30)).verify(token, Set.of("billing")))
                .isNotNull();
        assertThatThrownBy(() -> verifier(NOON.plusSeconds(29)).verify(token, Set.of("billing")))
                .isInstanceOf(BadTokenException.class)
                .hasMessageContaining("future");
    }

    @Test
    void aKnownTokenIsRefusedOnceItsKeyIsWithdrawnOrReplaced() throws Exception {
        var token = TOKENS.good();
        verifier(NOON).verify(token, Set.of("billing"));

        keys.remove(KID);
        assertThatThrownBy(() -> verifier(NOON).verify(token, Set.of("billing")))
                .isInstanceOf(BadTokenException.class)
                .hasMessageContaining("key is not known");
        keys.put(KID, new VerificationKey(Jwts.SIG.ES256.keyPair().build().getPublic(), "ES256"));
        assertThatThrownBy(() -> verifier(NOON).verify(token, Set.of("billing")))
                .isInstanceOf(BadTokenException.class)
                .hasMessageContaining("signature");
        keys.put(KID, new VerificationKey(KEYS.getPublic(), "EdDSA"));
        assertThatThrownBy(() -> verifier(NOON).verify(token, Set.of("billing")))
                .isInstanceOf(BadTokenException.class)
                .hasMessageContaining("not meant");
    }

    @Test
    void nothingIsSaidOfAKnownTokenWhileTheKeysAreAway() throws Exception {
        var token = TOKENS.good();
        verifier(NOON).verify(token, Set.of("billing"));
        SigningKeys away = kid -> {
            throw new KeysUnavailableException("away");
        };

        assertThatThrownBy(() -> new TokenVerifier(away, ISSUER, Clock.fixed(NOON, ZoneOffset.UTC), verified)
                        .verify(token, Set.of("billing")))
                .isInstanceOf(KeysUnavailableException.class);
    }

    @Test
    void aKnownTokenIsForItsAudienceAlone() throws Exception {
        var token = TOKENS.good();
        verifier(NOON).verify(token, Set.of("billing"));

        assertThatThrownBy(() -> verifier(NOON).verify(token, Set.of("syncline")))
                .isInstanceOf(BadTokenException.class)
                .hasMessageContaining("audience");
    }

    @Test
    void aTokenThatIsRefusedIsNotRemembered() {
        assertThatThrownBy(() -> verifier(NOON).verify(TOKENS.good(), Set.of("syncline")))
                .isInstanceOf(BadTokenException.class);

        assertThat(verified.size()).isZero();
    }

    @Test
    void noOtherSpellingOfAKnownTokenIsTaken() throws Exception {
        var token = TOKENS.good();
        verifier(NOON).verify(token, Set.of("billing"));

        for (int i = 0; i < token.length(); i++) {
            for (var other : List.of('A', 'B', '?', '\ud800')) {
                if (token.charAt(i) != other) {
                    var changed = token.substring(0, i) + other + token.substring(i + 1);
                    assertThatThrownBy(() -> verifier(NOON).verify(changed, Set.of("billing")))
                            .as(changed)
                            .isInstanceOf(BadTokenException.class);
                }
            }
        }
        assertThat(verified.size()).isEqualTo(1);
    }

    @Test
    void manyTakeManyTokensAtOnce() throws Exception {
        var few = new VerifiedTokens(10);
        var verifier = new TokenVerifier(
                kid -> Optional.ofNullable(keys.get(kid)), ISSUER, Clock.fixed(NOON, ZoneOffset.UTC), few);
        var tokens = IntStream.range(0, 30)
                .mapToObj(i -> token(KID, KEYS, NOON, "caller-" + i))
                .toList();
        Callable<List<String>> caller = () -> {
            var subjects = new ArrayList<String>();
            for (var token : tokens) {
                // Once to be remembered, and once to be found.
                verifier.verify(token, Set.of("billing"));
                subjects.add(verifier.verify(token, Set.of("billing")).subject());
            }
            return subjects;
        };
        var callers = Executors.newFixedThreadPool(8);
        try {
            for (var answer : callers.invokeAll(Collections.nCopies(8, caller))) {
                assertThat(answer.get())
                        .isEqualTo(IntStream.range(0, 30)
                                .mapToObj(i -> "caller-" + i)
                                .toList());
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(few.size()).isEqualTo(10);
    }

    private static String token(String kid, KeyPair keys) {
        return token(kid, keys, NOON);
    }

    private static String token(String kid, KeyPair keys, Instant notBefore) {
        return token(kid, keys, notBefore, "syncline");
    }

    private static String token(String kid, KeyPair keys, Instant notBefore, String subject) {
        return Jwts.builder()
                .header()
                .type("at+jwt")
                .keyId(kid)
                .and()
                .issuer(ISSUER)
                .subject(subject)
                .claim("aud", "billing")
                .id("1")
                .issuedAt(Date.from(NOON))
                .notBefore(Date.from(notBefore))
                .expiration(Date.from(NOON.plusSeconds(300)))
                .signWith(keys.getPrivate())
                .compact();
    }
}
