package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.stereotype.Component;

/**
 * Reads the id tokens of trusted issuers (OpenID Connect Core 1.0, 3.1.3.7): for the portal's client there and nobody else,
 * with the nonce of this sign-in, not older than 5 min, and once.
 */
@Component
final class IdTokens {

    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration LONGEST_LIFE = Duration.ofHours(24);

    private final TrustedIssuers issuers;
    private final JdbcPeopleIssuers people;
    private final RemoteJwks remote;
    private final SeenIdTokens seen;
    private final SteadyClock clock;
    private final StrictJws tokens;

    IdTokens(
            TrustedIssuers issuers, JdbcPeopleIssuers people, RemoteJwks remote, SeenIdTokens seen, SteadyClock clock) {
        this.issuers = issuers;
        this.people = people;
        this.remote = remote;
        this.seen = seen;
        this.clock = clock;
        this.tokens = new StrictJws(clock);
    }

    /**
     * A person as the issuer says they are.
     *
     * @param rights what their groups give them; empty when none of their groups is known here
     * @param signedInAt when they last showed the issuer who they are
     * @param saysWhen whether the issuer has told that, or it is taken from the token's own time
     */
    record Identity(
            ExternalPerson person,
            @Nullable String name,
            @Nullable String email,
            @Nullable String wishedKey,
            Optional<PeopleIssuer.Rights> rights,
            Instant signedInAt,
            boolean saysWhen) {}

    /** @throws BadJwtException when it is not good; what is wrong is for our log */
    Identity read(String idToken, String nonce) {
        var unverified = StrictJws.read(idToken);
        var issuer = unverified
                .issuer()
                .flatMap(issuers::byIssuer)
                .orElseThrow(() -> new BadJwtException("the id token's issuer is not trusted"));
        var settings = people.find(issuer.key())
                .orElseThrow(() -> new BadJwtException("the id token's issuer signs no people in"));
        var policy = new StrictJws.Policy(
                Set.of("JWT"),
                true,
                issuer.settings().algorithms(),
                issuer.settings().issuer(),
                Set.of(settings.clientId()),
                LONGEST_LIFE,
                Set.of("sub", "nonce"));
        var address = issuer.settings().jwksUri();
        var verified = tokens.verify(unverified, policy, kid -> remote.find(address, kid));
        check(verified, settings, nonce);
        if (!seen.isFirst(
                idToken.substring(0, idToken.lastIndexOf('.')),
                verified.expiresAt().plus(StrictJws.LEEWAY).plus(StrictJws.LEEWAY),
                clock.now())) {
            throw new BadJwtException("the id token was shown before");
        }
        return identity(issuer, settings, verified);
    }

    private void check(StrictJws.Verified token, PeopleIssuer settings, String nonce) {
        if (!MessageDigest.isEqual(
                token.required("nonce").getBytes(StandardCharsets.UTF_8), nonce.getBytes(StandardCharsets.UTF_8))) {
            throw new BadJwtException("the id token has another nonce");
        }
        if (token.claims().containsKey("azp") && !settings.clientId().equals(token.text("azp"))) {
            throw new BadJwtException("the id token is for another authorized party");
        }
        if (token.issuedAt().plus(FRESH).isBefore(clock.now())) {
            throw new BadJwtException("the id token is older than 5 min");
        }
        if (settings.userClaim().equals(PeopleIssuer.EMAIL)
                && !Boolean.TRUE.equals(token.claims().get("email_verified"))) {
            throw new BadJwtException("the id token's e-mail address is not verified");
        }
    }

    private static Identity identity(TrustedIssuer issuer, PeopleIssuer settings, StrictJws.Verified token) {
        var subject = token.text(settings.userClaim());
        if (subject == null || subject.isBlank() || subject.length() > 255) {
            throw new BadJwtException("the id token does not say who it is by " + settings.userClaim());
        }
        var authTime = token.claims().get("auth_time");
        if (authTime != null && !(authTime instanceof Number)) {
            throw new BadJwtException("the id token's auth_time is none");
        }
        var signedInAt =
                authTime instanceof Number number ? Instant.ofEpochSecond(number.longValue()) : token.issuedAt();
        if (signedInAt.isAfter(token.issuedAt().plus(StrictJws.LEEWAY))) {
            throw new BadJwtException("the id token's auth_time is after its iat");
        }
        return new Identity(
                new ExternalPerson(issuer.key(), subject),
                token.text("name"),
                token.text("email"),
                token.text("preferred_username"),
                rights(settings, token),
                signedInAt,
                authTime != null);
    }

    private static Optional<PeopleIssuer.Rights> rights(PeopleIssuer settings, StrictJws.Verified token) {
        var granted = new ArrayList<PeopleIssuer.Rights>();
        if (token.claims().get(settings.groupsClaim()) instanceof List<?> groups) {
            for (var group : groups) {
                var rights = group instanceof String name ? settings.groups().get(name) : null;
                if (rights != null) {
                    granted.add(rights);
                }
            }
        }
        return Optional.of(PeopleIssuer.Rights.together(granted))
                .filter(rights -> !rights.roles().isEmpty());
    }
}
