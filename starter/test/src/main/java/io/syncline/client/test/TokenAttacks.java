package io.syncline.client.test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.DeflaterOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tokens that no service may take, made from a good one: forged, confused, replanted, misspelt (RFC 8725, and the public
 * lists of attacks on JSON web tokens). Each is refused with 401, and nothing happens.
 */
public final class TokenAttacks {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int SIGNATURE_BYTES = 64;

    private final String kid;
    private final KeyPair keys;
    private final Map<String, Object> claims;
    private final Instant now;

    /** A token and what is wrong with it. */
    public record Attack(String name, String token) {

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * @param kid the id by which the service knows the key
     * @param keys on the curve P-256
     * @param claims what a good token says besides iat, exp and jti
     */
    public TokenAttacks(String kid, KeyPair keys, Map<String, Object> claims, Instant now) {
        this.kid = kid;
        this.keys = keys;
        this.claims = Map.copyOf(claims);
        this.now = now;
    }

    /** A good token, so that a refusal is known to come from the one thing that an attack changes. */
    public String good() {
        return signed(header(), claims());
    }

    /** Good by its leeway: it ended at most 30 s ago. */
    public String endedWithinTheLeeway() {
        return signed(header(), with("exp", now.getEpochSecond() - 20));
    }

    /** @param elsewhere an address that is never to be asked for keys */
    public List<Attack> all(String elsewhere) {
        var attacks = new ArrayList<Attack>();
        unsigned(attacks);
        otherAlgorithms(attacks);
        signatures(attacks);
        keyIds(attacks);
        foreignKeys(attacks, elsewhere);
        claims(attacks);
        times(attacks);
        forms(attacks);
        return attacks;
    }

    private void unsigned(List<Attack> attacks) {
        for (var none : List.of("none", "None", "NONE", "nOnE")) {
            var token = token(header("alg", none), claims());
            attacks.add(new Attack("J1 alg " + none, token + "."));
            attacks.add(new Attack("J1 alg " + none + " with a signature", token + "." + signature(token)));
        }
    }

    private void otherAlgorithms(List<Attack> attacks) {
        for (var algorithm : List.of("HS256", "HS384", "HS512")) {
            var token = token(header("alg", algorithm), claims());
            for (var secret : List.of(keys.getPublic().getEncoded(), pem())) {
                attacks.add(new Attack(
                        "J2 " + algorithm + " by the public key", token + "." + base64(mac(algorithm, secret, token))));
            }
        }
        for (var algorithm : List.of("ES384", "ES512", "RS256", "PS256", "EdDSA", "es256", "ES256K", "")) {
            attacks.add(new Attack("J3 alg '" + algorithm + "'", signed(header("alg", algorithm), claims())));
        }
        attacks.add(new Attack("J3 no alg", signed(without(header(), "alg"), claims())));
    }

    private void signatures(List<Attack> attacks) {
        var token = token(header(), claims());
        var other = signature(token(header(), with("sub", "another")));
        var own = signature(token);
        attacks.add(new Attack("J4 empty signature", token + "."));
        attacks.add(new Attack("J4 no signature", token));
        attacks.add(new Attack("J4 cut signature", token + "." + own.substring(0, own.length() / 2)));
        attacks.add(new Attack("J4 another token's signature", token + "." + other));
        attacks.add(new Attack("J4 all-zero signature", token + "." + base64(new byte[SIGNATURE_BYTES])));
        attacks.add(new Attack("J4 signed by a stranger", token + "." + base64(sign(stranger(), token))));
    }

    private void keyIds(List<Attack> attacks) {
        var ids = new LinkedHashMap<String, Object>();
        ids.put("traversal", "../../../../dev/null");
        ids.put("SQL", kid + "' or '1'='1");
        ids.put("NUL", kid + "\u0000");
        ids.put("unknown", UUID.randomUUID().toString());
        ids.put("empty", "");
        ids.put("number", 1);
        ids.put("list", List.of(kid));
        ids.forEach((name, id) -> attacks.add(new Attack("J5 kid: " + name, signed(header("kid", id), claims()))));
        attacks.add(new Attack("J5 kid: missing", signed(without(header(), "kid"), claims())));
        attacks.add(new Attack("J5 kid: 10 KB", signed(header("kid", "k".repeat(10_240)), claims())));
    }

    private void foreignKeys(List<Attack> attacks, String elsewhere) {
        var stranger = stranger();
        var members = new LinkedHashMap<String, Object>();
        members.put("jku", elsewhere);
        members.put("x5u", elsewhere);
        members.put("jwk", Map.of("kty", "EC", "crv", "P-256", "x", "AA", "y", "AA"));
        members.put("x5c", List.of("MIIB"));
        members.forEach((name, content) -> {
            attacks.add(new Attack("J6 " + name, signed(header(name, content), claims())));
            var token = token(header(name, content), claims());
            attacks.add(new Attack("J6 " + name + " of a stranger", token + "." + base64(sign(stranger, token))));
        });
    }

    private void claims(List<Attack> attacks) {
        var issuer = String.valueOf(claims.get("iss"));
        attacks.add(new Attack("J7 another issuer", signed(header(), with("iss", "https://elsewhere.example.com"))));
        attacks.add(new Attack("J7 an issuer with a slash", signed(header(), with("iss", issuer + "/"))));
        attacks.add(new Attack("J7 a list of issuers", signed(header(), with("iss", List.of(issuer)))));
        attacks.add(new Attack("J7 no issuer", signed(header(), without(claims(), "iss"))));
        attacks.add(new Attack("J8 another audience", signed(header(), with("aud", "another-system"))));
        attacks.add(new Attack("J8 other audiences", signed(header(), with("aud", List.of("a", "b")))));
        attacks.add(new Attack("J8 no audience", signed(header(), without(claims(), "aud"))));
        for (var type : List.of("JWT", "jwt", "logout+jwt", "secevent+jwt", "callback", "")) {
            attacks.add(new Attack("J9 typ '" + type + "'", signed(header("typ", type), claims())));
        }
        attacks.add(new Attack("J9 no typ", signed(without(header(), "typ"), claims())));
        attacks.add(new Attack("J11 no jti", signed(header(), without(claims(), "jti"))));
    }

    private void times(List<Attack> attacks) {
        var seconds = now.getEpochSecond();
        attacks.add(new Attack("J10 ended", signed(header(), with("exp", seconds - 60))));
        attacks.add(new Attack("J10 no end", signed(header(), without(claims(), "exp"))));
        attacks.add(new Attack("J10 ends in a day", signed(header(), with("exp", seconds + 86_400))));
        attacks.add(new Attack("J10 an end in letters", signed(header(), with("exp", "tomorrow"))));
        attacks.add(new Attack("J10 an end beyond all time", signed(header(), with("exp", Long.MAX_VALUE))));
        attacks.add(new Attack("J10 not yet", signed(header(), with("nbf", seconds + 120))));
        attacks.add(new Attack("J10 from the future", signed(header(), with("iat", seconds + 120))));
        attacks.add(new Attack("J10 no beginning", signed(header(), without(claims(), "iat"))));
    }

    private void forms(List<Attack> attacks) {
        attacks.add(new Attack(
                "J14 unknown crit",
                signed(
                        header(Map.of("crit", List.of("https://example.com/x"), "https://example.com/x", 1)),
                        claims())));
        attacks.add(new Attack(
                "J14 b64 false", signed(header(Map.of("b64", false, "crit", List.of("b64"))), claims())));
        var body = json(claims());
        attacks.add(new Attack(
                "J15 aud twice", signedText(json(header()), body.replaceFirst("\\{", "{\"aud\":\"another\","))));
        attacks.add(new Attack(
                "J15 scope twice",
                signedText(
                        json(header()),
                        body.substring(0, body.length() - 1) + ",\"scope\":\"admin\",\"scope\":\"admin\"}")));
        attacks.add(new Attack(
                "J15 alg twice", signedText(json(header()).replaceFirst("\\{", "{\"alg\":\"none\","), body)));
        attacks.add(new Attack(
                "J16 encrypted", base64(json(header(Map.of("alg", "dir", "enc", "A256GCM")))) + "..AAAA.AAAA.AAAA"));
        attacks.add(new Attack("J16 an enc in a signed one", signed(header("enc", "A256GCM"), claims())));
        attacks.add(new Attack("J17 zip", zipped()));
        attacks.add(new Attack("J18 more than 8 KiB", signed(header(), with("pad", "p".repeat(9_000)))));
        var good = good();
        attacks.add(new Attack("spelling: padding", good + "="));
        attacks.add(new Attack("spelling: bits left over", leftOver(good)));
        attacks.add(new Attack("spelling: a fourth part", good + ".AAAA"));
        attacks.add(new Attack("spelling: an empty header", "." + good.substring(good.indexOf('.') + 1)));
        attacks.add(new Attack("form: a list as header", signedText("[]", body)));
        attacks.add(new Attack("form: a text as payload", signedText(json(header()), "\"admin\"")));
        attacks.add(new Attack("form: two objects as payload", signedText(json(header()), body + body)));
    }

    /** The same signature in another spelling: 64 bytes leave four bits unused at the end. */
    private static String leftOver(String token) {
        var letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = letters.indexOf(token.charAt(token.length() - 1));
        return token.substring(0, token.length() - 1) + letters.charAt(last | 1);
    }

    private String zipped() {
        var packed = new ByteArrayOutputStream();
        try (var zip = new DeflaterOutputStream(packed)) {
            zip.write(json(claims()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var token = base64(json(header("zip", "DEF"))) + "." + base64(packed.toByteArray());
        return token + "." + signature(token);
    }

    private Map<String, Object> header() {
        var header = new LinkedHashMap<String, Object>();
        header.put("alg", "ES256");
        header.put("typ", "at+jwt");
        header.put("kid", kid);
        return header;
    }

    private Map<String, Object> header(String name, Object content) {
        return header(Map.of(name, content));
    }

    private Map<String, Object> header(Map<String, Object> members) {
        var header = header();
        header.putAll(members);
        return header;
    }

    private Map<String, Object> claims() {
        var all = new LinkedHashMap<>(claims);
        all.put("iat", now.getEpochSecond());
        all.put("exp", now.getEpochSecond() + 300);
        all.put("jti", UUID.randomUUID().toString());
        return all;
    }

    private Map<String, Object> with(String name, @Nullable Object content) {
        var all = claims();
        if (name.equals("exp") && content instanceof Long end && end < now.getEpochSecond()) {
            all.put("iat", end - 300);
        }
        if (content != null) {
            all.put(name, content);
        }
        return all;
    }

    private static Map<String, Object> without(Map<String, Object> members, String name) {
        members.remove(name);
        return members;
    }

    private String signed(Map<String, Object> header, Map<String, Object> claims) {
        return signedText(json(header), json(claims));
    }

    private String signedText(String header, String claims) {
        var token = base64(header) + "." + base64(claims);
        return token + "." + signature(token);
    }

    private static String token(Map<String, Object> header, Map<String, Object> claims) {
        return base64(json(header)) + "." + base64(json(claims));
    }

    private String signature(String token) {
        return base64(sign(keys, token));
    }

    private static byte[] sign(KeyPair keys, String token) {
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(token.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair stranger() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] mac(String algorithm, byte[] secret, String token) {
        try {
            var name = algorithm.replace("HS", "HmacSHA");
            var mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return mac.doFinal(token.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] pem() {
        var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(keys.getPublic().getEncoded());
        return ("-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String json(Map<String, Object> members) {
        return JSON.writeValueAsString(members);
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
