package io.syncline.scheduler.security;

import io.jsonwebtoken.Claims;
import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads access tokens for the platform's own API, and refuses every spelling but one before the signature is looked at: the
 * library behind it takes the algorithm from the token, inflates, and accepts several encodings of the same token.
 */
@Component
final class StrictJwtDecoder implements JwtDecoder {

    static final String PLATFORM_AUDIENCE = "syncline";
    static final int MAX_BYTES = 8 * 1024;
    private static final Duration LEEWAY = Duration.ofSeconds(30);
    private static final int PARTS = 3;
    private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Set<String> HEADER_MEMBERS = Set.of("alg", "kid", "typ");
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final PlatformKeys keys;
    private final SteadyClock clock;
    private final PlatformProperties platform;
    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    StrictJwtDecoder(PlatformKeys keys, SteadyClock clock, PlatformProperties platform) {
        this.keys = keys;
        this.clock = clock;
        this.platform = platform;
    }

    @Override
    public Jwt decode(String token) {
        if (token.length() > MAX_BYTES) {
            throw new BadJwtException("the token is larger than 8 KiB");
        }
        var parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            throw new BadJwtException("a signed token has three parts");
        }
        var header = object(parts[0]);
        var payload = object(parts[1]);
        bytes(parts[2]);
        var key = key(header);
        var claims = verified(token, key);
        check(claims, payload);
        return jwt(token, header, claims);
    }

    private Map<String, Object> object(String part) {
        try {
            var members = json.readValue(bytes(part), OBJECT);
            if (members == null) {
                throw new BadJwtException("a part of the token is no JSON object");
            }
            return members;
        } catch (JacksonException e) {
            throw new BadJwtException("a part of the token is no JSON object");
        }
    }

    /** One spelling only: no padding, no stray characters, no bits left over at the end. */
    private static byte[] bytes(String part) {
        if (!BASE64URL.matcher(part).matches()) {
            throw new BadJwtException("a part of the token is not base64url");
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the refusal
        }
        throw new BadJwtException("a part of the token is not base64url");
    }

    private VerificationKey key(Map<String, Object> header) {
        if (!HEADER_MEMBERS.equals(header.keySet())) {
            // crit, zip, enc, jku, jwk, x5u, x5c, b64 and whatever comes next
            throw new BadJwtException("the token's header has alg, kid and typ, and nothing else");
        }
        if (!TokenSigner.TYPE.equals(header.get("typ"))) {
            throw new BadJwtException("the token's type is not at+jwt");
        }
        if (!(header.get("kid") instanceof String kid)) {
            throw new BadJwtException("the token names no key");
        }
        var key = keys.find(kid).orElseThrow(() -> new BadJwtException("the token's key is unknown"));
        if (!key.algorithm().equals(header.get("alg"))) {
            throw new BadJwtException("the token's algorithm is not its key's");
        }
        return key;
    }

    private Claims verified(String token, VerificationKey key) {
        try {
            return Jwts.parser()
                    .verifyWith(key.key())
                    .sig()
                    .clear()
                    .add(Jwts.SIG.ES256)
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
                    .parseSignedClaims(token)
                    .getPayload();
        } catch (JwtException | IllegalArgumentException e) {
            throw new BadJwtException("the token is forged, expired or not yet valid");
        }
    }

    private void check(Claims claims, Map<String, Object> payload) {
        if (!platform.publicUrl().equals(claims.getIssuer())) {
            throw new BadJwtException("the token is from another issuer");
        }
        var audience = payload.get("aud");
        if (!PLATFORM_AUDIENCE.equals(audience) && !List.of(PLATFORM_AUDIENCE).equals(audience)) {
            throw new BadJwtException("the token is for another audience");
        }
        if (claims.getSubject() == null || claims.getId() == null || !(payload.get("client_id") instanceof String)) {
            throw new BadJwtException("the token lacks sub, client_id or jti");
        }
        var issued = claims.getIssuedAt();
        var expires = claims.getExpiration();
        if (issued == null || expires == null) {
            throw new BadJwtException("the token lacks iat or exp");
        }
        if (issued.toInstant().isAfter(clock.now().plus(LEEWAY))) {
            throw new BadJwtException("the token comes from the future");
        }
        var life = Duration.between(issued.toInstant(), expires.toInstant());
        if (life.compareTo(TokenProperties.LONGEST_LIFE) > 0) {
            throw new BadJwtException("the token lives too long");
        }
    }

    private static Jwt jwt(String token, Map<String, Object> header, Claims claims) {
        var values = new HashMap<String, Object>();
        claims.forEach((name, value) -> values.put(name, value instanceof Date date ? date.toInstant() : value));
        return new Jwt(token, instant(claims.getIssuedAt()), instant(claims.getExpiration()), header, values);
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
