package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Keys;
import io.syncline.scheduler.store.Ids;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;

class StrictJwtDecoderTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ISSUER = "https://sync.example.com";

    private final MemoryKeyRows rows = new MemoryKeyRows();
    private PlatformKeys keys;
    private StrictJwtDecoder decoder;
    private TokenSigner signer;

    @BeforeEach
    void makeKeys() {
        keys = new PlatformKeys(rows, MemoryKeyRows.properties(), () -> 0);
        keys.afterPropertiesSet();
        var platform = new PlatformProperties(ISSUER + "/");
        decoder = new StrictJwtDecoder(keys, () -> NOW, platform);
        signer = new TokenSigner(keys, () -> NOW, platform);
    }

    private TokenForge forge() {
        return new TokenForge(keys.signer(), ISSUER, NOW);
    }

    @Test
    void ourOwnTokenIsAccepted() {
        var jwt = decoder.decode(signer.sign("robot", "syncline", "runs:read", "billing", Duration.ofMinutes(10)));

        assertThat(jwt.getSubject()).isEqualTo("robot");
        assertThat(jwt.getClaimAsString("client_id")).isEqualTo("robot");
        assertThat(jwt.getClaimAsString("system")).isEqualTo("billing");
        assertThat(jwt.getHeaders())
                .containsEntry("typ", "at+jwt")
                .containsEntry("kid", keys.signer().kid());
        assertThat(jwt.getId()).isNotEmpty();
        assertThat(jwt.getExpiresAt()).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(jwt.getClaimAsInstant("exp")).isEqualTo(jwt.getExpiresAt());
        assertThat(jwt.getClaims().get("iat")).isEqualTo(NOW);
    }

    @Test
    void aTokenMadeByHandWithTheRightKeyIsAccepted() {
        assertThat(decoder.decode(forge().signed()).getSubject()).isEqualTo("robot");
        assertThat(decoder.decode(forge().claim("aud", List.of("syncline")).signed())
                        .getAudience())
                .containsExactly("syncline");
    }

    @Test
    void aTokenOfTheNextKeyIsAcceptedBeforeItsTurn() {
        var next = rows.keys.stream()
                .filter(key -> key.purpose() == KeyPurpose.TOKEN && key.generation() == 2)
                .findFirst()
                .orElseThrow();
        rows.keys.removeIf(key -> key.purpose() == KeyPurpose.TOKEN && key.generation() == 1);
        var afterTheTurn = new PlatformKeys(rows, MemoryKeyRows.properties(), () -> 0);
        afterTheTurn.afterPropertiesSet();

        var token = new TokenForge(afterTheTurn.signer(), ISSUER, NOW).signed();

        assertThat(afterTheTurn.signer().kid()).isEqualTo(next.kid());
        assertThat(decoder.decode(token).getSubject()).isEqualTo("robot");
    }

    @Test
    void clocksMayDifferByThirtySeconds() {
        var seconds = NOW.getEpochSecond();

        decoder.decode(
                forge().claim("exp", seconds - 30).claim("iat", seconds - 300).signed());
        decoder.decode(forge().claim("nbf", seconds + 30).signed());
        decoder.decode(forge().claim("iat", seconds + 30).signed());
    }

    @TestFactory
    Stream<DynamicTest> refusedTokens() {
        var seconds = NOW.getEpochSecond();
        var good = forge().signed();
        var parts = good.split("\\.");
        var publicKey = keys.published().get(0).key().getEncoded();
        var rsa = Jwts.SIG.RS256.keyPair().build();
        return Stream.of(
                        refused("alg none", forge().header("alg", "none").unsigned()),
                        refused("alg None", forge().header("alg", "None").unsigned()),
                        refused("alg nOnE", forge().header("alg", "nOnE").unsigned()),
                        refused(
                                "alg NONE, signed",
                                forge().header("alg", "NONE").signed()),
                        refused("no alg", forge().header("alg", null).signed()),
                        refused(
                                "HS256 with the public key",
                                Jwts.builder()
                                        .header()
                                        .type("at+jwt")
                                        .keyId(keys.signer().kid())
                                        .and()
                                        .claims(forge().payload)
                                        .signWith(Keys.hmacShaKeyFor(publicKey), Jwts.SIG.HS256)
                                        .compact()),
                        refused(
                                "RS256 by a stranger under our kid",
                                Jwts.builder()
                                        .header()
                                        .type("at+jwt")
                                        .keyId(keys.signer().kid())
                                        .and()
                                        .claims(forge().payload)
                                        .signWith(rsa.getPrivate(), Jwts.SIG.RS256)
                                        .compact()),
                        refused("ES384 named", forge().header("alg", "ES384").signed()),
                        refused(
                                "another key under our kid",
                                new TokenForge(TokenForge.stranger(keys.signer().kid()), ISSUER, NOW).signed()),
                        refused("empty signature", parts[0] + "." + parts[1] + "."),
                        refused("cut signature", good.substring(0, good.length() - 4)),
                        refused("all-zero signature", forge().content() + "." + TokenForge.encode(new byte[64])),
                        refused("another payload", parts[0] + "." + TokenForge.encode("{}") + "." + parts[2]),
                        refused("padding", parts[0] + "=." + parts[1] + "." + parts[2]),
                        refused("stray character", parts[0] + "." + parts[1] + "." + parts[2] + "\n"),
                        refused("other bits at the end", looseEnd(good)),
                        refused("two parts", parts[0] + "." + parts[1]),
                        refused("five parts, as a JWE", good + "." + parts[0] + "." + parts[1]),
                        refused(
                                "enc in the header",
                                forge().header("enc", "A256GCM").signed()),
                        refused("unknown kid", forge().header("kid", Ids.next()).signed()),
                        refused(
                                "kid with a path",
                                forge().header("kid", "../../etc/passwd").signed()),
                        refused(
                                "kid with SQL",
                                forge().header("kid", "' or 1=1 --").signed()),
                        refused(
                                "kid with NUL",
                                forge().header("kid", "a\u0000b").signed()),
                        refused(
                                "long kid",
                                forge().header("kid", "k".repeat(5000)).signed()),
                        refused("no kid", forge().header("kid", null).signed()),
                        refused("kid no text", forge().header("kid", 7).signed()),
                        refused(
                                "jku",
                                forge().header("jku", "https://evil.example.com/jwks")
                                        .signed()),
                        refused(
                                "x5u",
                                forge().header("x5u", "https://evil.example.com/cert")
                                        .signed()),
                        refused(
                                "jwk",
                                forge().header("jwk", Map.of("kty", "EC")).signed()),
                        refused("x5c", forge().header("x5c", List.of("AAAA")).signed()),
                        refused("crit", forge().header("crit", List.of("exp")).signed()),
                        refused(
                                "crit with b64",
                                forge().header("crit", List.of("b64"))
                                        .header("b64", false)
                                        .signed()),
                        refused("zip", forge().header("zip", "DEF").signed()),
                        refused("typ JWT", forge().header("typ", "JWT").signed()),
                        refused("no typ", forge().header("typ", null).signed()),
                        refused(
                                "wrong issuer",
                                forge().claim("iss", "https://evil.example.com").signed()),
                        refused(
                                "issuer with a slash",
                                forge().claim("iss", ISSUER + "/").signed()),
                        refused("no issuer", forge().claim("iss", null).signed()),
                        refused(
                                "wrong audience",
                                forge().claim("aud", "data-consumer").signed()),
                        refused("no audience", forge().claim("aud", null).signed()),
                        refused(
                                "two audiences",
                                forge().claim("aud", List.of("syncline", "data-consumer"))
                                        .signed()),
                        refused(
                                "expired 31 s ago",
                                forge().claim("exp", seconds - 31).signed()),
                        refused("no exp", forge().claim("exp", null).signed()),
                        refused("exp no number", forge().claim("exp", "never").signed()),
                        refused(
                                "not yet valid",
                                forge().claim("nbf", seconds + 31).signed()),
                        refused(
                                "from the future",
                                forge().claim("iat", seconds + 31).signed()),
                        refused("no iat", forge().claim("iat", null).signed()),
                        refused(
                                "too long a life",
                                forge().claim("exp", seconds + 3600).signed()),
                        refused("no jti", forge().claim("jti", null).signed()),
                        refused("no sub", forge().claim("sub", null).signed()),
                        refused("no client_id", forge().claim("client_id", null).signed()),
                        refused(
                                "over 8 KiB",
                                forge().claim("scope", "x".repeat(9000)).signed()),
                        refused(
                                "header member twice",
                                forge().signed(
                                                forge().headerJson().replace("{\"typ\"", "{\"alg\":\"none\",\"typ\""),
                                                forge().payloadJson())),
                        refused(
                                "claim twice",
                                forge().signed(
                                                forge().headerJson(),
                                                forge().payloadJson()
                                                        .replace("{\"iss\"", "{\"sub\":\"root\",\"iss\""))),
                        refused("payload no object", forge().signed(forge().headerJson(), "[]")),
                        refused("payload no JSON", forge().signed(forge().headerJson(), "hello")),
                        refused("header null", forge().signed("null", forge().payloadJson())),
                        refused(
                                "a platform token",
                                signer.sign("syncline", "data-consumer", null, null, Duration.ofMinutes(5))),
                        refused("empty", ""),
                        refused("dots", ".."))
                .flatMap(test -> test);
    }

    private Stream<DynamicTest> refused(String name, @Nullable String token) {
        return Stream.of(DynamicTest.dynamicTest(
                name, () -> assertThatThrownBy(() -> decoder.decode(token)).isInstanceOf(BadJwtException.class)));
    }

    /** The last character of 64 bytes in base64url carries four bits of nothing. */
    private static String looseEnd(String token) {
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = alphabet.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + alphabet.charAt(last | 1);
    }

    @Test
    void unknownKeysDoNotMakeUsAskTheDatabaseMoreThanEveryThirtySeconds() {
        var nanos = new long[] {1};
        var counted = new MemoryKeyRows();
        var slowly = new PlatformKeys(counted, MemoryKeyRows.properties(), () -> nanos[0]);
        slowly.afterPropertiesSet();
        var before = counted.reads;

        for (int attempt = 0; attempt < 1000; attempt++) {
            assertThat(slowly.find("unknown-" + attempt)).isEmpty();
        }
        assertThat(counted.reads).isEqualTo(before);

        nanos[0] += Duration.ofSeconds(31).toNanos();
        slowly.find("unknown");
        assertThat(counted.reads).isEqualTo(before + 1);
    }

    @Test
    void aRevokedKeyIsRefusedOnceTheKeysWereReadAgain() {
        var nanos = new long[] {1};
        var turning = new PlatformKeys(rows, MemoryKeyRows.properties(), () -> nanos[0]);
        turning.afterPropertiesSet();
        var kid = turning.signer().kid();
        rows.keys.removeIf(key -> key.kid().equals(kid));

        assertThat(turning.find(kid)).isPresent();
        nanos[0] += Duration.ofSeconds(30).toNanos();
        assertThat(turning.find(kid)).isEmpty();
        assertThat(turning.signer().kid()).isNotEqualTo(kid);
    }
}
