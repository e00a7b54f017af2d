package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Set;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.stereotype.Component;

/** Reads the access tokens that the platform has signed for its own API. */
@Component
final class StrictJwtDecoder implements JwtDecoder {

    static final String PLATFORM_AUDIENCE = "syncline";
    static final int MAX_BYTES = StrictJws.MAX_BYTES;

    private final PlatformKeys keys;
    private final StrictJws tokens;
    private final StrictJws.Policy policy;

    StrictJwtDecoder(PlatformKeys keys, SteadyClock clock, PlatformProperties platform) {
        this.keys = keys;
        this.tokens = new StrictJws(clock);
        this.policy = new StrictJws.Policy(
                Set.of(TokenSigner.TYPE),
                false,
                StrictJws.ALGORITHMS,
                platform.publicUrl(),
                Set.of(PLATFORM_AUDIENCE),
                TokenProperties.LONGEST_LIFE,
                Set.of("sub", "client_id", "jti"));
    }

    @Override
    public Jwt decode(String token) {
        return jwt(tokens.verify(StrictJws.read(token), policy, keys::find));
    }

    private static Jwt jwt(StrictJws.Verified token) {
        var claims = new HashMap<String, Object>(token.claims());
        claims.replaceAll(StrictJwtDecoder::time);
        return new Jwt(token.token(), token.issuedAt(), token.expiresAt(), token.header(), claims);
    }

    private static Object time(String claim, Object stored) {
        return Set.of("iat", "exp", "nbf").contains(claim) && stored instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : stored;
    }
}
