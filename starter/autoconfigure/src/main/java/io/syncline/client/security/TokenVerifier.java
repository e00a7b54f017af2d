package io.syncline.client.security;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes a token only with a listed algorithm, a known key that is meant for that algorithm, the right type, issuer and
 * audience, and before its end. What a header says about where keys are is never followed.
 */
final class TokenVerifier {

    private static final int MOST_BYTES = 8 * 1024;
    private static final int LEEWAY_SECONDS = 30;

    /** Each with the type of key that it needs; jjwt would otherwise pick by the key alone. */
    private static final Map<String, List<String>> KEY_TYPES =
            Map.of("RS256", List.of("RSA"), "ES256", List.of("EC"), "EdDSA", List.of("EdDSA", "Ed25519"));

    private static final List<String> REFUSED_HEADERS =
            List.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "zip", "b64");
    private static final Set<String> TYPES = Set.of("at+jwt", "application/at+jwt");

    private final PlatformKeys keys;
    private final String issuer;
    private final Clock clock;
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    TokenVerifier(PlatformKeys keys, String issuer, Clock clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.clock = clock;
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
        var header = header(token);
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
        var key = keys.find(text(header, "kid"))
                .orElseThrow(() -> new BadTokenException("The token's key is not known."));
        requireMeantFor(key, algorithm);
        var claims = claims(token, key);
        if (!issuer.equals(claims.getIssuer())) {
            throw new BadTokenException("The token's issuer is another one.");
        }
        var audiences = claims.getAudience();
        if (audiences == null || audiences.stream().noneMatch(accepted::contains)) {
            throw new BadTokenException("The token is for another audience.");
        }
        if (claims.getExpiration() == null) {
            throw new BadTokenException("The token has no end.");
        }
        var subject = claims.getSubject();
        return new PlatformToken(subject == null ? "unnamed" : subject, Set.copyOf(audiences), scopes(claims));
    }

    private Claims claims(String token, VerificationKey key) throws BadTokenException {
        try {
            return Jwts.parser()
                    .verifyWith(key.key())
                    .clock(() -> Date.from(clock.instant()))
                    .clockSkewSeconds(LEEWAY_SECONDS)
                    .build()
                    .parseSignedClaims(token)
                    .getPayload();
        } catch (JwtException | IllegalArgumentException e) {
            // The library's words may hold parts of the token.
            throw new BadTokenException(
                    e instanceof io.jsonwebtoken.ExpiredJwtException
                            ? "The token has expired."
                            : "The token's signature or form is not valid.");
        }
    }

    private JsonNode header(String token) throws BadTokenException {
        var parts = token.split("\\.", -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
            throw new BadTokenException("The token is not a signed JWT.");
        }
        try {
            var decoded = Base64.getUrlDecoder().decode(parts[0].getBytes(StandardCharsets.US_ASCII));
            var header = json.readTree(decoded);
            if (!header.isObject()) {
                throw new BadTokenException("The token's header is not an object.");
            }
            return header;
        } catch (JacksonException | IllegalArgumentException e) {
            throw new BadTokenException("The token's header cannot be read.");
        }
    }

    private static void requireMeantFor(VerificationKey key, String algorithm) throws BadTokenException {
        var types = KEY_TYPES.getOrDefault(algorithm, List.of());
        boolean meant = key.algorithm() == null || key.algorithm().equals(algorithm);
        if (!meant || !types.contains(key.key().getAlgorithm())) {
            throw new BadTokenException("The token's key is not meant for its algorithm.");
        }
    }

    private static List<String> scopes(Claims claims) {
        var scope = claims.get("scope");
        if (scope instanceof String text && !text.isBlank()) {
            return List.of(text.trim().split(" +"));
        }
        return List.of();
    }

    private static String text(JsonNode header, String name) {
        return header.path(name).isString() ? header.path(name).asString() : "";
    }
}
