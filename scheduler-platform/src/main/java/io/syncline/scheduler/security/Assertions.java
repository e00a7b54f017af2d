package io.syncline.scheduler.security;

import io.syncline.scheduler.store.SteadyClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks the assertions by which clients show themselves at the token endpoint ({@code private_key_jwt}, RFC 7523): signed
 * with the client's own key, for us, for at most five more minutes, and never seen before.
 */
@Component
final class Assertions {

    static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    static final String ENDPOINT = "/oauth2/token";

    private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);
    private static final Duration LONGEST_LEFT = Duration.ofMinutes(5);
    private static final int LONGEST_JTI = 255;
    private static final Set<String> TYPES = Set.of("JWT", "client-authentication+jwt");
    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClients clients;
    private final UsedAssertions used;
    private final RemoteJwks remote;
    private final SteadyClock clock;
    private final Set<String> audiences;
    private final StrictJws tokens;

    Assertions(
            JdbcClients clients,
            UsedAssertions used,
            RemoteJwks remote,
            SteadyClock clock,
            PlatformProperties platform) {
        this.clients = clients;
        this.used = used;
        this.remote = remote;
        this.clock = clock;
        this.audiences = Set.of(platform.publicUrl(), platform.publicUrl() + ENDPOINT);
        this.tokens = new StrictJws(clock);
    }

    /** The client that this assertion shows; empty when it shows none. Asked twice with one assertion, it shows none. */
    Optional<Client> client(String assertion) {
        try {
            var unverified = StrictJws.read(assertion);
            var key = unverified.subject().filter(Keys::isKey).orElse("");
            var client = clients.find(key)
                    .filter(known -> known.settings().method() == AuthMethod.PRIVATE_KEY_JWT)
                    .filter(known -> known.standsAt(clock.now()));
            if (client.isEmpty()) {
                return Optional.empty();
            }
            var verified = tokens.verify(unverified, policy(key), kid -> find(client.get(), kid));
            return isTaken(verified, key) ? client : Optional.empty();
        } catch (BadJwtException e) {
            return Optional.empty();
        }
    }

    private StrictJws.Policy policy(String key) {
        return new StrictJws.Policy(
                TYPES, true, StrictJws.ALGORITHMS, key, audiences, LONGEST_LIFE, Set.of("iss", "sub", "jti"));
    }

    private Optional<VerificationKey> find(Client client, String kid) {
        var settings = client.settings();
        var jwks = settings.jwks();
        if (jwks != null) {
            try {
                return JwkSet.registered(JSON.readTree(jwks)).find(kid);
            } catch (JwkSet.BadSetException e) {
                throw new IllegalStateException("the stored keys of client " + client.key() + " are no key set", e);
            }
        }
        var address = settings.jwksUri();
        return address == null ? Optional.empty() : remote.find(address, kid);
    }

    private boolean isTaken(StrictJws.Verified assertion, String key) {
        var jti = assertion.required("jti");
        var latest = clock.now().plus(LONGEST_LEFT).plus(StrictJws.LEEWAY);
        return jti.length() <= LONGEST_JTI
                && !assertion.expiresAt().isAfter(latest)
                // A little longer than the leeway: the nodes' clocks and the database's agree to that.
                && used.firstUse(key, jti, assertion.expiresAt().plus(StrictJws.LEEWAY.multipliedBy(2)));
    }
}
