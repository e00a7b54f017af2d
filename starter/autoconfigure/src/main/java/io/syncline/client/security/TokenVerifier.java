package io.syncline.client.security;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.SignatureAlgorithm;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes a token only in its one spelling, with a listed algorithm, a known key that is meant for that algorithm, the right
 * type, issuer and audience, and before its end (RFC 8725). What a header says about where keys are is never followed.
 *
 * <p>What does not change as long as the token's text and its key do not is remembered. Whether the platform still has that
 * key, the audience and the times are looked at for each request.
 */
final class TokenVerifier {

    private static final int MOST_BYTES = 8 * 1024;
    private static final Duration LEEWAY = Duration.ofSeconds(30);

    /** The longest life that the platform ever gives a token. */
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(15);

    private static final String EXPIRED = "The token has expired.";

    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");

    /** Each with the type of key that it needs; jjwt would otherwise pick by the key alone. */
    private static final Map<String, List<String>> KEY_TYPES =
            Map.of("RS256", List.of("RSA"), "ES256", List.of("EC"), "EdDSA", List.of("EdDSA", "Ed25519"));

    private static final Map<String, SignatureAlgorithm> ALGORITHMS =
            Map.of("RS256", Jwts.SIG.RS256, "ES256", Jwts.SIG.ES256, "EdDSA", Jwts.SIG.EdDSA);

    private static final List<String> REFUSED_HEADERS =
            List.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "zip", "enc", "b64");
    private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt");

    private final SigningKeys keys;
    private final String issuer;
    private final Clock clock;
    private final VerifiedTokens verified;
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    TokenVerifier(SigningKeys keys, String issuer, Clock clock, VerifiedTokens verified) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
        this.verified = verified;
    }

    /**
     * @param accepted the audiences, one of which the token must name
     * @throws BadTokenException when it is refused
     * @throws KeysUnavailableException when nothing can be said now
     */
    PlatformToken verify(String token, Set<String> accepted) throws BadTokenException {
        if (token.length() > MOST_BYTES) {
            throw new BadTokenException("The token is larger than 8 KiB.");
        }
        var known = verified.find(token);
        if (known != null && known.key().equals(key(known.keyId()))) {
            requireGoodNow(known, accepted);
            return known.token();
        }
        var read = read(token);
        requireGoodNow(read, accepted);
        verified.keep(token, read, clock.instant());
        return read.token();
    }

    /** All that the token's text and its key decide. */
    private VerifiedToken read(String token) throws BadTokenException {
        var parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw new BadTokenException("The token is not a signed JWT.");
        }
        var header = object(parts[0]);
        var payload = object(parts[1]);
        bytes(parts[2]);
        var algorithm = text(header, "alg");
        if (!KEY_TYPES.containsKey(algorithm)) {
            throw new BadTokenException("The token's algorithm is not accepted.");
        }
        if (!TYPES.contains(text(header, "typ").toLowerCase(Locale.ROOT))) {
            throw new BadTokenException("The token's type is not at+jwt.");
        }
        for (var refused : REFUSED_HEADERS) {
            if (header.has(refused)) {
                throw new BadTokenException("The token's header has the refused member " + refused + ".");
            }
        }
        var keyId = text(header, "kid");
        var key = key(keyId);
        requireMeantFor(key, algorithm);
        var claims = signed(token, algorithm, key);
        if (!issuer.equals(text(payload, "iss"))) {
            throw new BadTokenException("The token's issuer is another one.");
        }
        requireShortLife(payload);
        var subject = text(payload, "sub");
        if (subject.isEmpty() || text(payload, "jti").isEmpty()) {
            throw new BadTokenException("The token lacks sub or jti.");
        }
        return new VerifiedToken(
                keyId,
                key,
                claims.getIssuedAt().toInstant(),
                claims.getNotBefore() == null ? null : claims.getNotBefore().toInstant(),
                claims.getExpiration().toInstant(),
                new PlatformToken(subject, audiences(payload.path("aud")), scopes(payload)));
    }

    private VerificationKey key(String keyId) throws BadTokenException {
        return keys.find(keyId).orElseThrow(() -> new BadTokenException("The token's key is not known."));
    }

    private Claims signed(String token, String algorithm, VerificationKey key) throws BadTokenException {
        try {
            return Jwts.parser()
                    .verifyWith(key.key())
                    .sig()
                    .clear()
                    .add(ALGORITHMS.get(algorithm))
                    .and()
                    .zip()
                    .clear()
                    .and()
                    .enc()
                    .clear()
                    .and()
                    .clock(() -> Date.from(clock.instant()))
                    .clockSkewSeconds(LEEWAY.toSeconds())
                    .build()
                    .parseSignedClaims(token)
                    .getPayload();
        } catch (JwtException | IllegalArgumentException e) {
            // The library's words may hold parts of the token.
            throw new BadTokenException(
                    e instanceof io.jsonwebtoken.ExpiredJwtException
                            ? EXPIRED
                            : "The token's signature or form is not valid.");
        }
    }

    private static void requireShortLife(JsonNode payload) throws BadTokenException {
        var issuedAt = payload.path("iat");
        var expiresAt = payload.path("exp");
        if (!issuedAt.isIntegralNumber() || !expiresAt.isIntegralNumber()) {
            throw new BadTokenException("The token lacks iat or exp.");
        }
        if (expiresAt.asLong() - issuedAt.asLong() > LONGEST_LIFE.toSeconds()) {
            throw new BadTokenException("The token lives too long.");
        }
    }

    private void requireGoodNow(VerifiedToken token, Set<String> accepted) throws BadTokenException {
        var now = clock.instant();
        if (token.expiresAt().isBefore(now.minus(LEEWAY))) {
            throw new BadTokenException(EXPIRED);
        }
        var early = now.plus(LEEWAY);
        if (token.issuedAt().isAfter(early)
                || token.notBefore() != null && token.notBefore().isAfter(early)) {
            throw new BadTokenException("The token comes from the future.");
        }
        if (token.token().audience().stream().noneMatch(accepted::contains)) {
            throw new BadTokenException("The token is for another audience.");
        }
    }

    private static Set<String> audiences(JsonNode audience) {
        if (audience.isString()) {
            return Set.of(audience.asString());
        }
        return audience.values().stream()
                .filter(JsonNode::isString)
                .map(JsonNode::asString)
                .collect(Collectors.toUnmodifiableSet());
    }

    private JsonNode object(String part) throws BadTokenException {
        try {
            var read = json.readTree(bytes(part));
            if (read != null && read.isObject()) {
                return read;
            }
        } catch (JacksonException e) {
            // falls through to the refusal
        }
        throw new BadTokenException("A part of the token is no JSON object.");
    }

    /** One spelling only: no padding, no stray characters, no bits left over at the end. */
    private static byte[] bytes(String part) throws BadTokenException {
        try {
            if (BASE64URL.matcher(part).matches()) {
                var bytes = Base64.getUrlDecoder().decode(part);
                if (Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(bytes)
                        .equals(part)) {
                    return bytes;
                }
            }
        } catch (IllegalArgumentException e) {
            // falls through to the refusal
        }
        throw new BadTokenException("A part of the token is not base64url.");
    }

    private static void requireMeantFor(VerificationKey key, String algorithm) throws BadTokenException {
        var types = KEY_TYPES.getOrDefault(algorithm, List.of());
        boolean meant = key.algorithm() == null || key.algorithm().equals(algorithm);
        if (!meant || !types.contains(key.key().getAlgorithm())) {
            throw new BadTokenException("The token's key is not meant for its algorithm.");
        }
    }

    private static List<String> scopes(JsonNode payload) {
        var scope = text(payload, "scope").trim();
        return scope.isEmpty() ? List.of() : List.of(scope.split(" +"));
    }

    private static String text(JsonNode object, String name) {
        return object.path(name).isString() ? object.path(name).asString() : "";
    }
}
