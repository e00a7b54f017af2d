package io.syncline.scheduler.security;

import io.jsonwebtoken.Jwts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.DeflaterOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens that nobody may take, each made from a good one by the one thing that it shows; J numbers are those of the list. */
final class JwtAttacks {

    private static final int MEBIBYTE = 1024 * 1024;

    private final Supplier<TokenForge> good;
    private final KeyPair keys;
    private final Instant now;
    private final long longestLife;
    private final String elsewhere;
    private final List<Attack> attacks = new ArrayList<>();

    record Attack(String name, String token) {}

    /**
     * @param good makes a token that would be taken, a new one each time
     * @param keys by which it is signed
     * @param longestLife in seconds
     * @param elsewhere an address that must never be asked
     */
    JwtAttacks(Supplier<TokenForge> good, KeyPair keys, Instant now, long longestLife, String elsewhere) {
        this.good = good;
        this.keys = keys;
        this.now = now;
        this.longestLife = longestLife;
        this.elsewhere = elsewhere;
    }

    List<Attack> all() {
        algorithms();
        signatures();
        keyIds();
        foreignKeys();
        claims();
        times();
        forms();
        return attacks;
    }

    private TokenForge forge() {
        return good.get();
    }

    private void add(String name, String token) {
        attacks.add(new Attack(name, token));
    }

    private void algorithms() {
        for (var none : List.of("none", "None", "NONE", "nOnE")) {
            add("J1 " + none, forge().header("alg", none).unsigned());
            add("J1 " + none + ", signed", forge().header("alg", none).signed());
        }
        add("J1 no alg", forge().header("alg", null).signed());
        var pem = "-----BEGIN PUBLIC KEY-----\n"
                + java.util.Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        for (var secret : List.of(keys.getPublic().getEncoded(), pem.getBytes(StandardCharsets.US_ASCII))) {
            var content = forge().header("alg", "HS256").content();
            add("J2 HS256 by the public key", content + "." + TokenForge.encode(mac(secret, content)));
        }
        for (var other : List.of("ES384", "ES512", "RS384", "RS512", "PS256", "EdDSA", "ES256K", "HS512", "")) {
            add("J3 " + other, forge().header("alg", other).signed());
        }
        var named = String.valueOf(forge().header.get("alg"));
        add(
                "J3 in lower case",
                forge().header("alg", named.toLowerCase(java.util.Locale.ROOT)).signed());
        add(
                "J3 the other one",
                forge().header("alg", named.equals("RS256") ? "ES256" : "RS256").signed());
    }

    private void signatures() {
        var token = forge().signed();
        var content = token.substring(0, token.lastIndexOf('.'));
        var other = forge().claim("jti", "another").signed();
        add("J4 empty", content + ".");
        add("J4 missing", content);
        add("J4 cut", token.substring(0, token.length() - 4));
        add("J4 swapped", content + other.substring(other.lastIndexOf('.')));
        add("J4 all-zero", content + "." + TokenForge.encode(new byte[64]));
        var stranger = Jwts.SIG.ES256.keyPair().build().getPrivate();
        var forged = new TokenForge(TokenForge.signer("x", stranger), "x", now);
        add("J4 by a stranger", content + "." + TokenForge.encode(forged.signature(content)));
    }

    private void keyIds() {
        for (var kid : List.of("../../etc/passwd", "' or 1=1 --", "a\u0000b", "unknown", "k".repeat(10_240), "")) {
            add(
                    "J5 " + kid.substring(0, Math.min(10, kid.length())),
                    forge().header("kid", kid).signed());
        }
        add("J5 missing", forge().header("kid", null).signed());
        add("J5 a number", forge().header("kid", 7).signed());
        add(
                "J5 a list",
                forge().header("kid", List.of(String.valueOf(forge().header.get("kid"))))
                        .signed());
    }

    private void foreignKeys() {
        add("J6 jku", forge().header("jku", elsewhere + "/jwks").signed());
        add("J6 x5u", forge().header("x5u", elsewhere + "/cert").signed());
        add("J6 jwk", forge().header("jwk", Map.of("kty", "EC", "crv", "P-256")).signed());
        add("J6 x5c", forge().header("x5c", List.of("AAAA")).signed());
    }

    private void claims() {
        var issuer = String.valueOf(forge().payload.get("iss"));
        for (var wrong : List.of(elsewhere, issuer + "/", issuer.toUpperCase(java.util.Locale.ROOT), "")) {
            add("J7 " + wrong, forge().claim("iss", wrong).signed());
        }
        add("J7 missing", forge().claim("iss", null).signed());
        add("J7 a list", forge().claim("iss", List.of(issuer)).signed());
        var audience = String.valueOf(forge().payload.get("aud"));
        add("J8 missing", forge().claim("aud", null).signed());
        add("J8 another", forge().claim("aud", "data-consumer").signed());
        add(
                "J8 among others",
                forge().claim("aud", List.of(audience, "data-consumer")).signed());
        add("J8 twice", forge().claim("aud", List.of(audience, audience)).signed());
        add("J8 none", forge().claim("aud", List.of()).signed());
        add("J8 as an object", forge().claim("aud", Map.of("0", audience)).signed());
        for (var type : List.of("dpop+jwt", "logout+jwt", "secevent+jwt", "refresh+jwt", "callback", "AT+JWT", "")) {
            add("J9 " + type, forge().header("typ", type).signed());
        }
        add("J9 a number", forge().header("typ", 1).signed());
        add("J19 nobody", forge().claim("sub", null).signed());
    }

    private void times() {
        var seconds = now.getEpochSecond();
        // The clock goes on while the tokens are sent: what is past stays past, what is to come is well ahead.
        add(
                "J10 ended 31 s ago",
                forge().claim("exp", seconds - 31).claim("iat", seconds - 60).signed());
        add("J10 no end", forge().claim("exp", null).signed());
        add("J10 an end in words", forge().claim("exp", "2099-01-01T00:00:00Z").signed());
        add(
                "J10 too long a life",
                forge().claim("exp", seconds + longestLife + 1)
                        .claim("iat", seconds)
                        .signed());
        add("J10 a life without end", forge().claim("exp", 1e300).signed());
        add("J10 not yet", forge().claim("nbf", seconds + 250).signed());
        add("J10 made in the future", forge().claim("iat", seconds + 250).signed());
        add("J10 no iat", forge().claim("iat", null).signed());
    }

    private void forms() {
        add("J14 crit", forge().header("crit", List.of("exp")).signed());
        add(
                "J14 b64",
                forge().header("crit", List.of("b64")).header("b64", false).signed());
        add("J14 b64 alone", forge().header("b64", false).signed());
        var forge = forge();
        add(
                "J15 header",
                forge.signed(forge.headerJson().replaceFirst("\\{", "{\"alg\":\"none\","), forge.payloadJson()));
        add(
                "J15 claim",
                forge.signed(forge.headerJson(), forge.payloadJson().replaceFirst("\\{", "{\"sub\":\"root\",")));
        var token = forge().signed();
        var parts = token.split("\\.");
        add("J16 five parts", token + "." + parts[0] + "." + parts[1]);
        add("J16 a JWE", TokenForge.encode("{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\"x\"}") + "..AAAA.AAAA.AAAA");
        add("J16 enc", forge().header("enc", "A256GCM").signed());
        add("J17 zip", forge().header("zip", "DEF").signed());
        var bomb = forge().header("zip", "DEF");
        var content = TokenForge.encode(bomb.headerJson()) + "." + TokenForge.encode(deflated());
        add("J17 zip bomb", content + "." + TokenForge.encode(bomb.signature(content)));
        add("J18 9 KB", forge().claim("pad", "x".repeat(9000)).signed());
        add("padding", parts[0] + "=." + parts[1] + "." + parts[2]);
        add("another character", parts[0] + "." + parts[1] + "." + parts[2] + "~");
    }

    private static byte[] deflated() {
        var bytes = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(bytes)) {
            deflater.write(new byte[MEBIBYTE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] mac(byte[] secret, String content) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(content.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
