package io.syncline.scheduler.security;

import io.jsonwebtoken.Jwts;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Signs RFC 9068 tokens with the platform's current key. */
@Component
final class TokenSigner {

    static final String TYPE = "at+jwt";

    private static final Logger LOG = LoggerFactory.getLogger(TokenSigner.class);

    private final PlatformKeys keys;
    private final SteadyClock clock;
    private final PlatformProperties platform;

    TokenSigner(PlatformKeys keys, SteadyClock clock, PlatformProperties platform) {
        this.keys = keys;
        this.clock = clock;
        this.platform = platform;
    }

    /** The key that signs now. */
    String kid() {
        return keys.signer().kid();
    }

    /** For a person within their session, asked for by the client that opened it. */
    @SuppressWarnings("deprecation")
    String signPerson(User user, Session session, Duration life) {
        var signer = keys.signer();
        var now = clock.now();
        return Jwts.builder()
                .header()
                .type(TYPE)
                .keyId(signer.kid())
                .and()
                .issuer(platform.publicUrl())
                .subject(user.key())
                .audience()
                .single(StrictJwtDecoder.PLATFORM_AUDIENCE)
                .claim("client_id", session.client())
                .id(Ids.next())
                .issuedAt(Date.from(now))
                .expiration(Date.from(now.plus(life)))
                .claim("sid", session.id())
                .claim("auth_time", session.signedInAt().getEpochSecond())
                .claim("roles", user.roles().stream().sorted().map(Role::text).toList())
                .claim("labels", JdbcUsers.texts(user.labels()))
                .claim("scope", JdbcClients.text(user.scopes()))
                .signWith(signer.key(), signer.algorithm().signer())
                .compact();
    }

    /** Somebody has refused a token: perhaps its key was revoked, and this node has not heard of it. */
    void readKeysAgain() {
        try {
            keys.readAgain();
        } catch (DataAccessException e) {
            LOG.warn("Keys could not be read again after a refused token: {}", e.getMessage());
        }
    }

    String sign(String subject, String audience, @Nullable String scope, @Nullable String system, Duration life) {
        return sign(subject, audience, scope, system, life, Map.of());
    }

    /** @param more claims that are none of the platform's own */
    @SuppressWarnings("deprecation") // one audience as a plain string is what most verifiers expect
    String sign(
            String subject,
            String audience,
            @Nullable String scope,
            @Nullable String system,
            Duration life,
            Map<String, String> more) {
        var signer = keys.signer();
        var now = clock.now();
        var token = Jwts.builder()
                .header()
                .type(TYPE)
                .keyId(signer.kid())
                .and()
                .claims(more)
                .issuer(platform.publicUrl())
                .subject(subject)
                .audience()
                .single(audience)
                .claim("client_id", subject)
                .id(Ids.next())
                .issuedAt(Date.from(now))
                .expiration(Date.from(now.plus(life)));
        if (scope != null) {
            token.claim("scope", scope);
        }
        if (system != null) {
            token.claim("system", system);
        }
        return token.signWith(signer.key(), signer.algorithm().signer()).compact();
    }
}
