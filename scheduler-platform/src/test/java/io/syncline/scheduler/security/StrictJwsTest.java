package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;
import tools.jackson.databind.json.JsonMapper;

/** Tokens of others, and the sets of keys that they publish. */
class StrictJwsTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final String ISSUER = "https://idp.example.com";
    private static final JsonMapper JSON = new JsonMapper();
    private static final KeyPair RSA = Jwts.SIG.RS256.keyPair().build();
    private static final KeyPair EC = Jwts.SIG.ES256.keyPair().build();
    private static final KeyPair ED = Jwks.CRV.Ed25519.keyPair().build();

    private Instant now = NOW;
    private final StrictJws tokens = new StrictJws(() -> now);

    private static StrictJws.Policy policy(String... algorithms) {
        return new StrictJws.Policy(
                Set.of("JWT"),
                true,
                Set.of(algorithms),
                ISSUER,
                Set.of("syncline"),
                Duration.ofMinutes(10),
                Set.of("sub"));
    }

    private static io.jsonwebtoken.JwtBuilder claims(String kid) {
        return Jwts.builder()
                .header()
                .type("JWT")
                .keyId(kid)
                .and()
                .claims(Map.of("iss", ISSUER, "sub", "robot", "aud", "syncline"))
                .issuedAt(Date.from(NOW))
                .expiration(Date.from(NOW.plusSeconds(300)));
    }

    static Map<String, Object> jwk(KeyPair pair, String kid) {
        var jwk = new LinkedHashMap<String, Object>();
        var parsed = Jwks.builder().key(pair.getPublic()).id(kid).build();
        for (var member : List.of("kty", "crv", "x", "y", "n", "e", "kid")) {
            if (parsed.containsKey(member)) {
                jwk.put(member, String.valueOf(parsed.get(member)));
            }
        }
        return jwk;
    }

    private static byte[] set(Map<String, Object>... keys) {
        return JSON.writeValueAsString(Map.of("keys", keys)).getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Object> with(Map<String, Object> jwk, String member, Object content) {
        var changed = new LinkedHashMap<>(jwk);
        changed.put(member, content);
        return changed;
    }

    @Test
    void allThreeAlgorithmsAreReadByTheirKeysFromOneSet() throws Exception {
        var keys = JwkSet.published(set(jwk(RSA, "r"), jwk(EC, "e"), jwk(ED, "d")));
        var all = policy("ES256", "EdDSA", "RS256");

        for (var token : List.of(
                claims("r").signWith(RSA.getPrivate(), Jwts.SIG.RS256).compact(),
                claims("e").signWith(EC.getPrivate(), Jwts.SIG.ES256).compact(),
                claims("d").signWith(ED.getPrivate(), Jwts.SIG.EdDSA).compact())) {
            var read = tokens.verify(StrictJws.read(token), all, keys::find);

            assertThat(read.required("sub")).isEqualTo("robot");
            assertThat(read.expiresAt()).isEqualTo(NOW.plusSeconds(300));
        }
    }

    @Test
    void aTokenThatWasGoodIsNotGoodUnderAnotherKeyNorWithOneSignChangedNorAfterItsEnd() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        var token = claims("e").signWith(EC.getPrivate(), Jwts.SIG.ES256).compact();
        assertThat(tokens.verify(StrictJws.read(token), policy("ES256"), keys::find)
                        .required("sub"))
                .isEqualTo("robot");

        var replaced = JwkSet.published(set(jwk(Jwts.SIG.ES256.keyPair().build(), "e")));
        refused(token, policy("ES256"), replaced);
        refused(token, policy("ES256"), JwkSet.published(set(jwk(EC, "other"))));
        int middle = token.lastIndexOf('.') + 20;
        refused(
                token.substring(0, middle) + (token.charAt(middle) == 'A' ? 'B' : 'A') + token.substring(middle + 1),
                policy("ES256"),
                keys);
        now = NOW.plusSeconds(331);
        refused(token, policy("ES256"), keys);
        now = NOW;
        assertThat(tokens.verify(StrictJws.read(token), policy("ES256"), keys::find)
                        .expiresAt())
                .isEqualTo(NOW.plusSeconds(300));
    }

    @Test
    void anAlgorithmOutsideTheIssuersListIsRefusedThoughTheKeyWouldDo() throws Exception {
        var keys = JwkSet.published(set(jwk(RSA, "r"), jwk(EC, "e")));
        var token = claims("e").signWith(EC.getPrivate(), Jwts.SIG.ES256).compact();

        refused(token, policy("RS256"), keys);
    }

    @Test
    void anotherAlgorithmOfTheSameFamilyIsRefused() throws Exception {
        var keys = JwkSet.published(set(jwk(RSA, "r")));

        refused(claims("r").signWith(RSA.getPrivate(), Jwts.SIG.RS512).compact(), policy("RS256"), keys);
        refused(claims("r").signWith(RSA.getPrivate(), Jwts.SIG.PS256).compact(), policy("RS256"), keys);
    }

    @Test
    void aTokenThatCannotPassMakesUsLookForNoKey() {
        var token = claims("r")
                .issuer("https://evil.example.com")
                .signWith(RSA.getPrivate(), Jwts.SIG.RS256)
                .compact();

        assertThatThrownBy(() -> tokens.verify(StrictJws.read(token), policy("RS256"), kid -> {
                    throw new IllegalStateException("looked for " + kid);
                }))
                .isInstanceOf(BadJwtException.class);
    }

    @Test
    void theTypeMayBeLeftOutWhereThePolicySaysSoAndIsOneOfTheListOtherwise() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        var untyped = claims("e")
                .header()
                .delete("typ")
                .and()
                .signWith(EC.getPrivate(), Jwts.SIG.ES256)
                .compact();
        var strict = new StrictJws.Policy(
                Set.of("at+jwt"), false, Set.of("ES256"), ISSUER, Set.of("syncline"), Duration.ofMinutes(10), Set.of());

        assertThat(tokens.verify(StrictJws.read(untyped), policy("ES256"), keys::find)
                        .text("sub"))
                .isEqualTo("robot");
        refused(untyped, strict, keys);
        refused(claims("e").signWith(EC.getPrivate(), Jwts.SIG.ES256).compact(), strict, keys);
    }

    @Test
    void timesAreNumbersOfAnOrdinarySize() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        for (var wrong : List.of("\"2026-11-20T12:05:00Z\"", "null", "1e400", "true", "9999999999999999", "[1]")) {
            var forge = new TokenForge(TokenForge.signer("e", EC.getPrivate()), ISSUER, NOW).header("typ", "JWT");
            var exp = forge.payload.get("exp");
            refused(
                    forge.signed(forge.headerJson(), forge.payloadJson().replace("\"exp\":" + exp, "\"exp\":" + wrong)),
                    policy("ES256"),
                    keys);
        }
    }

    @Test
    void aTimeMayHaveAFraction() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        var forge = new TokenForge(TokenForge.signer("e", EC.getPrivate()), ISSUER, NOW).header("typ", "JWT");
        var exp = forge.payload.get("exp");
        var token = forge.signed(
                forge.headerJson(), forge.payloadJson().replace("\"exp\":" + exp, "\"exp\":" + exp + ".5"));

        assertThat(tokens.verify(StrictJws.read(token), policy("ES256"), keys::find)
                        .expiresAt())
                .isEqualTo(NOW.plusSeconds(300).plusMillis(500));
    }

    @Test
    void aTokenLivesAsLongAsThePolicyAllowsAndNoSecondLonger() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        var forge = new TokenForge(TokenForge.signer("e", EC.getPrivate()), ISSUER, NOW).header("typ", "JWT");
        var issued = NOW.getEpochSecond();

        tokens.verify(StrictJws.read(forge.claim("exp", issued + 600).signed()), policy("ES256"), keys::find);
        refused(forge.claim("exp", issued + 601).signed(), policy("ES256"), keys);
    }

    @Test
    void whoIssuedATokenAndForWhomCanBeReadBeforeItIsBelieved() {
        var token = StrictJws.read(
                claims("e").signWith(EC.getPrivate(), Jwts.SIG.ES256).compact());
        var numbers = new StrictJws.Unverified("t", Map.of(), Map.of("iss", 7));

        assertThat(token.issuer()).contains(ISSUER);
        assertThat(token.subject()).contains("robot");
        assertThat(numbers.issuer()).isEmpty();
        assertThat(numbers.subject()).isEmpty();
    }

    @Test
    void aTokenThatIsPrintedShowsItsHeaderAlone() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        var compact = claims("e").signWith(EC.getPrivate(), Jwts.SIG.ES256).compact();
        var read = StrictJws.read(compact);
        var verified = tokens.verify(read, policy("ES256"), keys::find);

        for (var printed : List.of(read.toString(), verified.toString())) {
            assertThat(printed).contains("kid=e").doesNotContain("robot").doesNotContain(compact.split("\\.")[2]);
        }
    }

    @Test
    void theLargestTokenHasEightKibibytes() {
        var part = TokenForge.encode("{}");
        var frame = part + "." + part + ".";
        var largest = frame + "A".repeat(StrictJws.MAX_BYTES - frame.length());

        assertThat(StrictJws.read(largest).claims()).isEmpty();
        assertThatThrownBy(() -> StrictJws.read(largest + "AAAA"))
                .isInstanceOf(BadJwtException.class)
                .hasMessageContaining("8 KiB");
    }

    @Test
    void aTokenInAnotherEncodingThanUtf8IsRefused() throws Exception {
        var keys = JwkSet.published(set(jwk(EC, "e")));
        var forge = new TokenForge(TokenForge.signer("e", EC.getPrivate()), ISSUER, NOW).header("typ", "JWT");
        var content = TokenForge.encode(forge.headerJson()) + "."
                + TokenForge.encode(forge.payloadJson().getBytes(StandardCharsets.UTF_16BE));

        refused(content + "." + TokenForge.encode(forge.signature(content)), policy("ES256"), keys);
    }

    private void refused(String token, StrictJws.Policy policy, JwkSet keys) {
        assertThatThrownBy(() -> tokens.verify(StrictJws.read(token), policy, keys::find))
                .isInstanceOf(BadJwtException.class);
    }

    // --- sets of keys

    @TestFactory
    Stream<DynamicTest> keysThatAreNeverUsed() throws GeneralSecurityException {
        var good = jwk(EC, "e");
        var weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        var otherCurve = Jwts.SIG.ES384.keyPair().build();
        return Stream.of(
                        Map.entry("no kid", without(good, "kid")),
                        Map.entry("for encryption", with(good, "use", "enc")),
                        Map.entry("signs", with(good, "key_ops", List.of("sign"))),
                        Map.entry("wraps as well", with(good, "key_ops", List.of("verify", "wrapKey"))),
                        Map.entry("other algorithm", with(good, "alg", "ES512")),
                        Map.entry("PS256", with(jwk(RSA, "r"), "alg", "PS256")),
                        Map.entry("RSA of 1024 bits", jwk(weak.generateKeyPair(), "w")),
                        Map.entry("exponent 1", with(jwk(RSA, "r"), "e", "AQ")),
                        Map.entry("P-384", jwk(otherCurve, "p")),
                        Map.entry("P-384 said to be P-256", with(jwk(otherCurve, "p"), "crv", "P-256")),
                        Map.entry("not on the curve", with(good, "y", good.get("x"))),
                        Map.entry(
                                "X25519", Map.<String, Object>of("kty", "OKP", "crv", "X25519", "x", "AA", "kid", "x")),
                        Map.entry("unknown kind", Map.<String, Object>of("kty", "AKP", "kid", "a")),
                        Map.entry("padding", with(good, "x", good.get("x") + "=")))
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    assertThatThrownBy(() -> JwkSet.registered(JSON.readTree(set(entry.getValue()))))
                            .isInstanceOf(JwkSet.BadSetException.class);
                    var published = JwkSet.published(set(entry.getValue(), jwk(ED, "ours")));
                    assertThat(published.kids()).containsExactly("ours");
                }));
    }

    private static Map<String, Object> without(Map<String, Object> jwk, String member) {
        var changed = new LinkedHashMap<>(jwk);
        changed.remove(member);
        return changed;
    }

    @Test
    void aSetWithAPrivatePartOrAKidTwiceIsRefusedAsAWhole() {
        var good = jwk(EC, "e");
        for (var document : List.of(
                set(good, with(jwk(ED, "d"), "d", "AAAA")),
                set(good, Map.of("kty", "oct", "k", "AAAA", "kid", "k")),
                set(good, jwk(RSA, "e")),
                set(),
                "{\"keys\": [], \"keys\": []}".getBytes(StandardCharsets.UTF_8),
                "[]".getBytes(StandardCharsets.UTF_8),
                "<html>".getBytes(StandardCharsets.UTF_8))) {
            assertThatThrownBy(() -> JwkSet.published(document)).isInstanceOf(JwkSet.BadSetException.class);
        }
    }

    @Test
    void allThatIsWrongWithARegisteredSetIsTold() {
        assertThatThrownBy(() -> JwkSet.registered(JSON.readTree(
                        set(with(jwk(EC, "e"), "use", "enc"), jwk(ED, "d"), with(jwk(RSA, "r"), "alg", "PS256")))))
                .isInstanceOfSatisfying(
                        JwkSet.BadSetException.class,
                        bad -> assertThat(bad.faults())
                                .extracting(JwkSet.Fault::pointer)
                                .containsExactly("/keys/0/use", "/keys/2/alg"));
    }

    @Test
    void aKeyIsFoundByItsIdAlone() throws Exception {
        var keys = JwkSet.published(set(with(with(jwk(EC, "e"), "use", "sig"), "x5c", List.of("AAAA"))));

        assertThat(keys.find("e")).map(VerificationKey::algorithm).isEqualTo(Optional.of("ES256"));
        assertThat(keys.find("E")).isEmpty();
    }
}
