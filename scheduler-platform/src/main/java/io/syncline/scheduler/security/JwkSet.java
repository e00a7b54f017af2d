package io.syncline.scheduler.security;

import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.security.Jwks;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The public keys of one party (RFC 7517): each with an id, one algorithm, and for signatures alone. A set that holds a
 * private part, or one id twice, is refused as a whole.
 */
final class JwkSet {

    static final int MOST_KEYS = 50;
    private static final int SHORTEST_RSA_BITS = 2048;
    private static final int LONGEST_RSA_BITS = 8192;
    private static final int LONGEST_EXPONENT_BITS = 32;
    private static final int LONGEST_KID = 256;
    private static final Set<String> PRIVATE_MEMBERS = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv");
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, VerificationKey> keys;

    /** What is wrong with a set, at a JSON pointer into it. */
    record Fault(String pointer, String detail, String code) {}

    /** A set that cannot be used; its message is fit for an operator. */
    static final class BadSetException extends Exception {

        private static final long serialVersionUID = 1;

        private final transient List<Fault> faults;

        BadSetException(List<Fault> faults) {
            super(
                    faults.isEmpty()
                            ? "no key set"
                            : (faults.get(0).pointer() + " " + faults.get(0).detail()).strip());
            this.faults = List.copyOf(faults);
        }

        List<Fault> faults() {
            return faults;
        }
    }

    private JwkSet(Map<String, VerificationKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /** A set that an operator hands in: every key in it must be one that we can use. */
    static JwkSet registered(JsonNode document) throws BadSetException {
        return read(document, true);
    }

    /** A set that a provider publishes for everybody: keys that we would never use are left out. */
    static JwkSet published(byte[] document) throws BadSetException {
        JsonNode node;
        try {
            node = StrictJson.read(document);
        } catch (ProblemException e) {
            throw new BadSetException(List.of(new Fault("", "is no valid JSON, or has a member twice", "malformed")));
        }
        return read(node, false);
    }

    Optional<VerificationKey> find(String kid) {
        return Optional.ofNullable(keys.get(kid));
    }

    Set<String> kids() {
        return keys.keySet();
    }

    private static JwkSet read(JsonNode document, boolean allUsable) throws BadSetException {
        var faults = new ArrayList<Fault>();
        var list = document.isObject() ? document.get("keys") : null;
        if (list == null || !list.isArray()) {
            throw new BadSetException(List.of(new Fault("", "is no key set: {\"keys\": […]}", "type")));
        }
        if (list.size() > MOST_KEYS) {
            throw new BadSetException(List.of(new Fault("/keys", "holds more than " + MOST_KEYS + " keys", "range")));
        }
        var keys = new LinkedHashMap<String, VerificationKey>();
        var kids = new ArrayList<String>();
        for (int index = 0; index < list.size(); index++) {
            var pointer = "/keys/" + index;
            var jwk = list.get(index);
            var fatal = fatal(jwk, pointer, kids);
            if (fatal != null) {
                faults.add(fatal);
                continue;
            }
            try {
                var key = key(jwk);
                keys.put(key.kid(), key);
            } catch (UnusableKeyException e) {
                if (allUsable) {
                    faults.add(new Fault(pointer + e.member, e.detail, e.code));
                }
            }
        }
        if (faults.isEmpty() && keys.isEmpty()) {
            faults.add(new Fault("/keys", "holds no key that can be used", "missing"));
        }
        if (!faults.isEmpty()) {
            throw new BadSetException(faults);
        }
        return new JwkSet(keys);
    }

    /** What makes the whole set unfit, whoever published it. */
    private static @Nullable Fault fatal(JsonNode jwk, String pointer, List<String> kids) {
        if (!jwk.isObject()) {
            return new Fault(pointer, "is no key", "type");
        }
        for (var member : PRIVATE_MEMBERS) {
            if (jwk.has(member)) {
                return new Fault(
                        pointer, "holds a private part; replace that key, it is no longer secret", "private-key");
            }
        }
        var kid = text(jwk, "kid");
        if (kid != null) {
            if (kids.contains(kid)) {
                return new Fault(pointer + "/kid", "is there twice", "duplicate");
            }
            kids.add(kid);
        }
        return null;
    }

    private static VerificationKey key(JsonNode jwk) throws UnusableKeyException {
        var kid = text(jwk, "kid");
        if (kid == null || kid.isEmpty() || kid.length() > LONGEST_KID) {
            throw new UnusableKeyException("/kid", "is missing, or longer than " + LONGEST_KID, "missing");
        }
        if (jwk.has("use") && !"sig".equals(text(jwk, "use"))) {
            throw new UnusableKeyException("/use", "is not sig", "use");
        }
        if (jwk.has("key_ops")) {
            var operations = jwk.get("key_ops");
            if (!operations.isArray()
                    || operations.size() != 1
                    || !operations.get(0).isString()
                    || !operations.get(0).stringValue().equals("verify")) {
                throw new UnusableKeyException("/key_ops", "is not verify alone", "use");
            }
        }
        var type = text(jwk, "kty");
        if ("EC".equals(type)) {
            requireText(jwk, "crv", "P-256");
            return key(jwk, kid, StrictJws.ES256, Set.of(StrictJws.ES256), "crv", "x", "y");
        }
        if ("OKP".equals(type)) {
            requireText(jwk, "crv", "Ed25519");
            return key(jwk, kid, StrictJws.EDDSA, Set.of(StrictJws.EDDSA, "Ed25519"), "crv", "x");
        }
        if ("RSA".equals(type)) {
            var key = key(jwk, kid, StrictJws.RS256, Set.of(StrictJws.RS256), "n", "e");
            requireStrong((RSAPublicKey) key.key());
            return key;
        }
        throw new UnusableKeyException("/kty", "is not EC, OKP or RSA", "type");
    }

    private static VerificationKey key(JsonNode jwk, String kid, String algorithm, Set<String> named, String... members)
            throws UnusableKeyException {
        if (jwk.has("alg")) {
            var alg = text(jwk, "alg");
            if (alg == null || !named.contains(alg)) {
                throw new UnusableKeyException("/alg", "is not " + algorithm, "algorithm");
            }
        }
        var bare = new LinkedHashMap<String, String>();
        bare.put("kty", String.valueOf(text(jwk, "kty")));
        for (var member : members) {
            var text = text(jwk, member);
            if (text == null) {
                throw new UnusableKeyException("/" + member, "is missing or no text", "missing");
            }
            if (!member.equals("crv")) {
                try {
                    StrictJws.bytes(text);
                } catch (BadJwtException e) {
                    throw new UnusableKeyException("/" + member, "is not base64url", "format");
                }
            }
            bare.put(member, text);
        }
        return new VerificationKey(kid, algorithm, publicKey(bare));
    }

    /** The library checks that a point lies on its curve. */
    private static PublicKey publicKey(Map<String, String> bare) throws UnusableKeyException {
        try {
            var parsed =
                    Jwks.parser().build().parse(JSON.writeValueAsString(bare)).toKey();
            if (parsed instanceof PublicKey key) {
                return key;
            }
        } catch (JwtException | IllegalArgumentException e) {
            // falls through to the refusal
        }
        throw new UnusableKeyException("", "is no valid key", "format");
    }

    private static void requireStrong(RSAPublicKey key) throws UnusableKeyException {
        var bits = key.getModulus().bitLength();
        if (bits < SHORTEST_RSA_BITS || bits > LONGEST_RSA_BITS) {
            throw new UnusableKeyException(
                    "/n", "has " + bits + " bits, not " + SHORTEST_RSA_BITS + " to " + LONGEST_RSA_BITS, "weak-key");
        }
        var exponent = key.getPublicExponent();
        if (exponent.compareTo(BigInteger.valueOf(3)) < 0
                || !exponent.testBit(0)
                || exponent.bitLength() > LONGEST_EXPONENT_BITS) {
            throw new UnusableKeyException("/e", "is no public exponent in use, such as 65537", "weak-key");
        }
    }

    private static void requireText(JsonNode jwk, String member, String expected) throws UnusableKeyException {
        if (!expected.equals(text(jwk, member))) {
            throw new UnusableKeyException("/" + member, "is not " + expected, "algorithm");
        }
    }

    private static @Nullable String text(JsonNode node, String member) {
        var value = node.get(member);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    private static final class UnusableKeyException extends Exception {

        private static final long serialVersionUID = 1;

        private final String member;
        private final String detail;
        private final String code;

        UnusableKeyException(String member, String detail, String code) {
            super(detail);
            this.member = member;
            this.detail = detail;
            this.code = code;
        }
    }
}
