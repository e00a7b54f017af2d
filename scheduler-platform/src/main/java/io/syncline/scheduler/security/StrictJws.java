package io.syncline.scheduler.security;

import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SignatureAlgorithm;
import io.syncline.scheduler.store.SteadyClock;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads signed tokens (RFC 7515, RFC 7519) of whatever issuer, and refuses every spelling but one before the signature is
 * looked at: the library behind it takes the algorithm from the token, inflates, and accepts several encodings of the same
 * token. Every refusal is a {@link BadJwtException}.
 */
final class StrictJws {

    static final int MAX_BYTES = 8 * 1024;
    static final Duration LEEWAY = Duration.ofSeconds(30);
    static final String ES256 = "ES256";
    static final String EDDSA = "EdDSA";
    static final String RS256 = "RS256";
    static final Set<String> ALGORITHMS = Set.of(ES256, EDDSA, RS256);

    private static final int PARTS = 3;
    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Set<String> HEADER_MEMBERS = Set.of("alg", "kid", "typ");
    /** Thumbprints of a certificate, sent along by some providers; nothing is looked up by them. */
    private static final Set<String> THUMBPRINTS = Set.of("x5t", "x5t#S256");

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final SteadyClock clock;
    private final GoodSignatures goodSignatures = new GoodSignatures();

    StrictJws(SteadyClock clock) {
        this.clock = clock;
    }

    /**
     * What a token must be to count. Its {@code exp} and {@code iat} are always required.
     *
     * @param types the header's {@code typ}, one of these
     * @param typeOptional a token without {@code typ} counts as well
     * @param algorithms of {@link #ALGORITHMS}; the key's own must be among them
     * @param issuer exactly {@code iss}
     * @param audiences {@code aud} is one of these, as a text or a list of one
     * @param longestLife from {@code iat} to {@code exp}
     * @param requiredTexts claims that must be there as texts, none of them empty
     */
    record Policy(
            Set<String> types,
            boolean typeOptional,
            Set<String> algorithms,
            String issuer,
            Set<String> audiences,
            Duration longestLife,
            Set<String> requiredTexts) {

        Policy {
            types = Set.copyOf(types);
            algorithms = Set.copyOf(algorithms);
            audiences = Set.copyOf(audiences);
            requiredTexts = Set.copyOf(requiredTexts);
            if (!ALGORITHMS.containsAll(algorithms)) {
                throw new IllegalArgumentException("an algorithm that is not ours: " + algorithms);
            }
        }
    }

    /** A token in the right spelling; nothing in it is to be believed yet. */
    record Unverified(String token, Map<String, Object> header, Map<String, Object> claims) {

        Optional<String> issuer() {
            return text("iss");
        }

        Optional<String> subject() {
            return text("sub");
        }

        private Optional<String> text(String claim) {
            return claims.get(claim) instanceof String text ? Optional.of(text) : Optional.empty();
        }

        @Override
        public String toString() {
            return "Unverified" + header;
        }
    }

    /** A token that was found good. */
    record Verified(
            String token, Map<String, Object> header, Map<String, Object> claims, Instant issuedAt, Instant expiresAt) {

        /** A claim that is a text; null when it is missing or something else. */
        @Nullable
        String text(String claim) {
            return claims.get(claim) instanceof String text ? text : null;
        }

        /** A claim that the policy has required. */
        String required(String claim) {
            var text = text(claim);
            if (text == null) {
                throw new BadJwtException("the token lacks a claim that it needs");
            }
            return text;
        }

        @Override
        public String toString() {
            return "Verified" + header;
        }
    }

    /** Three parts in strict base64url, two of them JSON objects without a member twice. */
    static Unverified read(String token) {
        if (token.length() > MAX_BYTES) {
            throw new BadJwtException("the token is larger than 8 KiB");
        }
        var parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            throw new BadJwtException("a signed token has three parts");
        }
        var header = object(parts[0]);
        var claims = object(parts[1]);
        bytes(parts[2]);
        return new Unverified(token, header, claims);
    }

    /** @param keys the key with this id among those of the policy's issuer, and of nobody else */
    Verified verify(Unverified unverified, Policy policy, Function<String, Optional<VerificationKey>> keys) {
        checkHeader(unverified.header(), policy);
        // All that can be told without a key is told first: a token that could not pass makes us fetch none.
        var verified = checkClaims(unverified, policy);
        checkSignature(unverified, key(unverified.header(), policy, keys));
        return verified;
    }

    private static Map<String, Object> object(String part) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(part)))
                    .toString();
            var members = JSON.readValue(text, OBJECT);
            if (members != null) {
                return members;
            }
        } catch (JacksonException | CharacterCodingException e) {
            // falls through to the refusal
        }
        throw new BadJwtException("a part of the token is no JSON object");
    }

    /** One spelling only: no padding, no stray characters, no bits left over at the end. */
    static byte[] bytes(String part) {
        if (BASE64URL.matcher(part).matches()) {
            try {
                var bytes = Base64.getUrlDecoder().decode(part);
                if (Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(part)) {
                    return bytes;
                }
            } catch (IllegalArgumentException e) {
                // falls through to the refusal
            }
        }
        throw new BadJwtException("a part of the token is not base64url");
    }

    private static void checkHeader(Map<String, Object> header, Policy policy) {
        for (var member : header.keySet()) {
            if (!HEADER_MEMBERS.contains(member) && !THUMBPRINTS.contains(member)) {
                // crit, zip, enc, jku, jwk, x5u, x5c, b64 and whatever comes next
                throw new BadJwtException("the token's header holds what it may not");
            }
        }
        var type = header.get("typ");
        if (type == null
                ? header.containsKey("typ") || !policy.typeOptional()
                : !policy.types().contains(type)) {
            throw new BadJwtException("the token is of another type");
        }
        if (!(header.get("alg") instanceof String algorithm)
                || !policy.algorithms().contains(algorithm)) {
            throw new BadJwtException("the token's algorithm is not allowed");
        }
        if (!(header.get("kid") instanceof String)) {
            throw new BadJwtException("the token names no key");
        }
    }

    private static VerificationKey key(
            Map<String, Object> header, Policy policy, Function<String, Optional<VerificationKey>> keys) {
        var kid = String.valueOf(header.get("kid"));
        var key = keys.apply(kid).orElseThrow(() -> new BadJwtException("the token's key is unknown"));
        if (!key.algorithm().equals(header.get("alg")) || !policy.algorithms().contains(key.algorithm())) {
            throw new BadJwtException("the token's algorithm is not its key's");
        }
        return key;
    }

    /** Times and claims were checked before, and are each time; that a signature fits its text and its key never changes. */
    private void checkSignature(Unverified unverified, VerificationKey key) {
        var hash = GoodSignatures.hash(unverified.token());
        if (goodSignatures.has(hash, key.key())) {
            return;
        }
        try {
            Jwts.parser()
                    .verifyWith(key.key())
                    .sig()
                    .clear()
                    .add(algorithm(key.algorithm()))
                    .and()
                    .zip()
                    .clear()
                    .and()
                    .enc()
                    .clear()
                    .and()
                    .clock(() -> Date.from(clock.now()))
                    .clockSkewSeconds(LEEWAY.toSeconds())
                    .build()
                    .parseSignedClaims(unverified.token());
            goodSignatures.add(hash, key.key());
        } catch (JwtException | IllegalArgumentException e) {
            throw new BadJwtException("the token is forged, expired or not yet valid");
        }
    }

    private static SignatureAlgorithm algorithm(String name) {
        return switch (name) {
            case ES256 -> Jwts.SIG.ES256;
            case EDDSA -> Jwts.SIG.EdDSA;
            case RS256 -> Jwts.SIG.RS256;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private Verified checkClaims(Unverified token, Policy policy) {
        var claims = token.claims();
        if (!policy.issuer().equals(claims.get("iss"))) {
            throw new BadJwtException("the token is from another issuer");
        }
        var audience = claims.get("aud") instanceof List<?> list && list.size() == 1 ? list.get(0) : claims.get("aud");
        if (!(audience instanceof String text) || !policy.audiences().contains(text)) {
            throw new BadJwtException("the token is for another audience");
        }
        for (var name : policy.requiredTexts()) {
            if (!(claims.get(name) instanceof String text2) || text2.isEmpty()) {
                throw new BadJwtException("the token lacks a claim that it needs");
            }
        }
        var now = clock.now();
        var issued = time(claims, "iat");
        var expires = time(claims, "exp");
        if (issued == null || expires == null) {
            throw new BadJwtException("the token lacks iat or exp");
        }
        if (expires.plus(LEEWAY).isBefore(now)) {
            throw new BadJwtException("the token has expired");
        }
        var notBefore = time(claims, "nbf");
        var latest = now.plus(LEEWAY);
        if (issued.isAfter(latest) || notBefore != null && notBefore.isAfter(latest)) {
            throw new BadJwtException("the token comes from the future");
        }
        if (Duration.between(issued, expires).compareTo(policy.longestLife()) > 0) {
            throw new BadJwtException("the token lives too long");
        }
        return new Verified(token.token(), token.header(), claims, issued, expires);
    }

    /** Seconds since 1970, fractions allowed; a text or a null is neither a time nor a missing one. */
    private static @Nullable Instant time(Map<String, Object> claims, String name) {
        if (!claims.containsKey(name)) {
            return null;
        }
        try {
            if (claims.get(name) instanceof Number number) {
                var seconds = new BigDecimal(number.toString());
                if (seconds.precision() - seconds.scale() <= 12 && seconds.scale() <= 18) {
                    return Instant.ofEpochSecond(
                            seconds.longValue(),
                            seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
                }
            }
        } catch (ArithmeticException | DateTimeException e) {
            // falls through to the refusal
        }
        throw new BadJwtException("a time in the token is none");
    }
}
