package io.syncline.scheduler.security;

import io.jsonwebtoken.JwtException;
import io.jsonwebtoken.Jwts;
import io.jsonwebtoken.security.Jwks;
import io.jsonwebtoken.security.PrivateJwk;
import io.jsonwebtoken.security.SignatureAlgorithm;
import io.syncline.scheduler.store.Ids;
import io.syncline.scheduler.store.SteadyClock;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.util.Date;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Signs the assertions by which the platform shows itself to foreign token endpoints (private_key_jwt, RFC 7523). */
@Component
public final class ClientAssertions {

    private static final Duration LIFE = Duration.ofSeconds(60);

    private final SteadyClock clock;

    public ClientAssertions(SteadyClock clock) {
        this.clock = clock;
    }

    /** @param kid named in the header where the token endpoint knows several keys */
    public record SigningKey(
            PrivateKey key, String algorithm, @Nullable String kid) {
        @Override
        public String toString() {
            return "SigningKey[" + algorithm + "]";
        }
    }

    /**
     * Reads a private key in PEM (PKCS #8) or as a JWK.
     *
     * @param algorithm null: what suits the key
     * @throws IllegalArgumentException with a message fit for its author
     */
    public static SigningKey read(String pemOrJwk, @Nullable String algorithm, @Nullable String kid) {
        PrivateKey key;
        String named = kid;
        if (pemOrJwk.stripLeading().startsWith("{")) {
            PrivateJwk<?, ?, ?> jwk = jwk(pemOrJwk);
            key = Pem.strong((PrivateKey) jwk.toKey());
            named = kid == null ? jwk.getId() : kid;
        } else {
            key = Pem.privateKey(pemOrJwk);
        }
        String suits = suitable(key);
        String chosen = algorithm == null ? suits : algorithm;
        boolean fits = chosen.equals(suits) || (suits.equals("RS256") && chosen.equals("PS256"));
        if (!fits) {
            throw new IllegalArgumentException(
                    "the algorithm " + chosen + " does not suit the key; it would be " + suits);
        }
        return new SigningKey(key, chosen, named);
    }

    /** A signed assertion that lives 60 s and is used once. */
    @SuppressWarnings("deprecation") // one audience as a plain string is what most token endpoints expect
    public String sign(SigningKey key, String clientId, String audience) {
        var now = clock.now();
        var header = Jwts.builder().header().type("JWT");
        if (key.kid() != null) {
            header.keyId(key.kid());
        }
        return header.and()
                .issuer(clientId)
                .subject(clientId)
                .audience()
                .single(audience)
                .id(Ids.next())
                .issuedAt(Date.from(now))
                .expiration(Date.from(now.plus(LIFE)))
                .signWith(key.key(), algorithm(key.algorithm()))
                .compact();
    }

    private static PrivateJwk<?, ?, ?> jwk(String text) {
        try {
            if (Jwks.parser().build().parse(text) instanceof PrivateJwk<?, ?, ?> jwk) {
                return jwk;
            }
        } catch (JwtException | IllegalArgumentException e) {
            // falls through: its message may repeat the key
        }
        throw new IllegalArgumentException("must be a private key, in PEM or as a JWK with its private members");
    }

    private static String suitable(PrivateKey key) {
        if (key instanceof RSAKey) {
            return "RS256";
        }
        if (key instanceof ECKey ec) {
            int bits = ec.getParams().getOrder().bitLength();
            switch (bits) {
                case 256 -> {
                    return "ES256";
                }
                case 384 -> {
                    return "ES384";
                }
                case 521 -> {
                    return "ES512";
                }
                default -> throw new IllegalArgumentException("the curve of the key is none of P-256, P-384, P-521");
            }
        }
        if (key.getAlgorithm().toLowerCase(Locale.ROOT).startsWith("ed")) {
            return "EdDSA";
        }
        throw new IllegalArgumentException("the private key is no RSA, EC or Ed25519 key");
    }

    private static SignatureAlgorithm algorithm(String name) {
        return switch (name) {
            case "RS256" -> Jwts.SIG.RS256;
            case "PS256" -> Jwts.SIG.PS256;
            case "ES256" -> Jwts.SIG.ES256;
            case "ES384" -> Jwts.SIG.ES384;
            case "ES512" -> Jwts.SIG.ES512;
            case "EdDSA" -> Jwts.SIG.EdDSA;
            default -> throw new IllegalArgumentException("no algorithm for client assertions: " + name);
        };
    }
}
